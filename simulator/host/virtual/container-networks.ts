import type { Publish } from '../../machine/keeper/api.ts'

/** A running container in a network of Docker's. */
interface Member {
  readonly network: string
  readonly address: string
  /** By what names the others in its network find it. */
  readonly names: readonly string[]
}

/** Where a published port leads; `inside` is the container whose network that is, or `undefined` for the machine's own. */
export interface Published {
  readonly inner: number
  readonly inside: string | undefined
  /** Reached by the machine's own loopback only. */
  readonly loopback: boolean
}

/** The networks that Docker gives to containers: each has an address and ports of its own, and is reached from outside by what is published. */
export class ContainerNetworks {
  readonly #members = new Map<string, Member>()
  readonly #ports = new Map<string, readonly Publish[]>()
  readonly #networks = ['bridge']

  /** A container starts. `network` is absent when it has the machine's own. */
  join(
    container: string,
    {
      network,
      names = [],
      ports = [],
    }: { network?: string; names?: readonly string[]; ports?: readonly Publish[] },
  ): void {
    if (ports.length > 0) this.#ports.set(container, ports)
    if (network === undefined) return
    if (!this.#networks.includes(network)) this.#networks.push(network)
    const taken = new Set([...this.#members.values()].map(({ address }) => address))
    const prefix = `172.${17 + this.#networks.indexOf(network)}.0.`
    let last = 2
    while (taken.has(`${prefix}${last}`)) last += 1
    this.#members.set(container, { network, address: `${prefix}${last}`, names: [container, ...names] })
  }

  /** It has ended. */
  leave(container: string): void {
    this.#members.delete(container)
    this.#ports.delete(container)
  }

  addressOf(container: string): string | undefined {
    return this.#members.get(container)?.address
  }

  /** The container that has this address. */
  at(address: string): string | undefined {
    return [...this.#members].find(([, member]) => member.address === address)?.[0]
  }

  /** Whether it is the machine's own address in one of these networks. */
  isGateway(address: string): boolean {
    return this.#networks.some((_, index) => address === `172.${17 + index}.0.1`)
  }

  /** The machine's address as a container sees it. */
  gatewayOf(container: string): string | undefined {
    return this.addressOf(container)?.replace(/\d+$/, '1')
  }

  /** The address of a name in the networks that users make; the default one (`bridge`) has no names. */
  resolve(name: string, asker: string | undefined): string | undefined {
    const network = asker === undefined ? undefined : this.#members.get(asker)?.network
    if (network === undefined || network === 'bridge') return undefined
    return [...this.#members.values()].find((each) => each.network === network && each.names.includes(name))
      ?.address
  }

  /** What a port of the machine leads to. */
  published(port: number): Published | undefined {
    for (const [container, ports] of this.#ports) {
      const found = ports.find(({ host }) => host === port)
      if (found === undefined) continue
      const inside = this.#members.has(container) ? container : undefined
      return { inner: found.inner, inside, loopback: found.ip?.startsWith('127.') === true }
    }
    return undefined
  }

  /** The ports of the machine that Docker holds open. */
  ports(): readonly Publish[] {
    return [...this.#ports].flatMap(([container, ports]) => (this.#members.has(container) ? ports : []))
  }
}
