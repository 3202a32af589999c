import { existsSync } from 'node:fs'
import { fill } from '../output/language.ts'
import type { CertificateWords } from './words.ts'

/** The commands that make this system trust an authority, each with an explanation. */
export function howToTrust(words: CertificateWords, file: string): readonly string[] {
  const { trust } = words
  const quoted = file.includes(' ') ? `'${file}'` : file
  return [system(trust), trust.curl, trust.node, trust.firefox].flatMap(({ about, command }) => [
    `  ${about}`,
    `    ${fill(command, { file: quoted })}`,
  ])
}

type Trust = CertificateWords['trust']

function system({ macos, debian, fedora, other }: Trust): Trust['debian'] {
  if (process.platform === 'darwin') return macos
  if (existsSync('/usr/sbin/update-ca-certificates')) return debian
  return existsSync('/usr/bin/update-ca-trust') ? fedora : other
}
