/** The chapters in reading order, as Starlight's `sidebar`. Labels of pages come from their titles, in each language. */
export const sidebar = [
  {
    label: 'Start here',
    translations: { 'zh-CN': '从这里开始', ko: '여기서 시작' },
    items: [{ slug: 'concepts' }, { slug: 'server-workers' }, { slug: 'playground' }],
  },
  {
    label: 'On one machine',
    translations: { 'zh-CN': '在一台机器上', ko: '컴퓨터 한 대에서' },
    items: [
      { slug: 'replication' },
      { slug: 'memory' },
      { slug: 'restarts' },
      { slug: 'startup' },
      { slug: 'previous-steps' },
      { slug: 'gunicorn' },
    ],
  },
  {
    label: 'The world outside',
    translations: { 'zh-CN': '外面的世界', ko: '바깥 세상' },
    items: [{ slug: 'https' }, { slug: 'containers' }, { slug: 'choosing' }],
  },
  {
    label: 'Reference',
    translations: { 'zh-CN': '参考', ko: '참고' },
    items: [{ slug: 'reference' }, { slug: 'run' }, { slug: 'glossary' }],
  },
  {
    label: 'About this guide',
    translations: { 'zh-CN': '关于本书', ko: '이 교재에 대하여' },
    items: [{ slug: 'about' }],
  },
]
