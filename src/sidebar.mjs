/** The chapters in reading order, as Starlight's `sidebar`. Labels of pages come from their titles, in each language. */
export const sidebar = [
  {
    label: 'Deployment concepts',
    translations: { 'zh-CN': '部署概念', ko: '배포 개념' },
    items: [{ slug: 'server-workers' }],
  },
  {
    label: 'About this guide',
    translations: { 'zh-CN': '关于本书', ko: '이 교재에 대하여' },
    items: [{ slug: 'about' }],
  },
]
