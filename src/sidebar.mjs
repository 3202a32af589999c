import titles from '../content/titles.json' with { type: 'json' }

/** A page by its name in every language, also in one into which it is not translated yet; in English that is the page's own title. */
const page = (slug) => ({
  slug,
  translations: { 'zh-CN': titles[slug]['zh-cn'], ko: titles[slug].ko },
})

/** The chapters in reading order, as Starlight's `sidebar`. Labels of pages are their titles, in each language (content/titles.json). */
export const sidebar = [
  {
    label: 'Start here',
    translations: { 'zh-CN': '从这里开始', ko: '여기서 시작' },
    items: [page('server-workers'), page('concepts'), page('playground')],
  },
  {
    label: 'On one machine',
    translations: { 'zh-CN': '在一台机器上', ko: '컴퓨터 한 대에서' },
    items: [page('replication'), page('restarts'), page('startup'), page('memory'), page('previous-steps')],
  },
  {
    label: 'The world outside',
    translations: { 'zh-CN': '外面的世界', ko: '바깥 세상' },
    items: [page('containers'), page('https'), page('choosing'), page('deploy')],
  },
  {
    label: 'Reference',
    translations: { 'zh-CN': '参考', ko: '참고' },
    items: [page('reference'), page('questions'), page('gunicorn'), page('run'), page('glossary')],
  },
  {
    label: 'About this guide',
    translations: { 'zh-CN': '关于本书', ko: '이 교재에 대하여' },
    items: [page('about')],
  },
]
