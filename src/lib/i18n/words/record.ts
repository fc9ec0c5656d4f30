import { plural, words } from '../words.ts';

export const recordState = words({
  zh: { saved: '已保存', sent: '已发送', confirmed: '已确认', refused: '被退回', brought: '文件带来' },
  en: { saved: 'Saved', sent: 'Sent', confirmed: 'Confirmed', refused: 'Refused', brought: 'By file' },
});

export const recordStateMeaning = words({
  zh: {
    saved: '已保存在这台平板上，还没有发送',
    sent: '已发送，等服务器确认',
    confirmed: '服务器已经存好',
    refused: '服务器没有接受，内容还在这台平板上',
    brought: '别的平板用文件带来的，服务器还没有确认',
  },
  en: {
    saved: 'Saved on this tablet, not sent yet',
    sent: 'Sent, waiting for the server to confirm',
    confirmed: 'Stored by the server',
    refused: 'Not accepted by the server; still kept on this tablet',
    brought: 'Brought by file from another tablet, not yet confirmed by the server',
  },
});

export const history = words({
  zh: {
    title: '历史',
    was: '原来',
    became: '改成',
    empty: '（空）',
    basedOn: (what: string) => `根据：${what}`,
    restore: '恢复成这样',
    restoreFrom: (by: string, when: string) => `恢复成 ${by} ${when} 写的内容`,
  },
  en: {
    title: 'History',
    was: 'Was',
    became: 'Became',
    empty: '(empty)',
    basedOn: (what: string) => `Based on: ${what}`,
    restore: 'Restore this',
    restoreFrom: (by: string, when: string) => `Restore what ${by} wrote ${when}`,
  },
});

export const clash = words({
  zh: {
    title: (count: number, field: string) => `${count === 2 ? '两个人' : `${count} 个人`}改了“${field}”`,
    shown: '现在显示的是这个',
    choose: '用这个',
    keep: '就用这个',
    chooseAloud: (value: string, by: string) => `用 ${by} 写的：${value}`,
    follows: (what: string) => `选了以后：${what}`,
    safe: '没选中的内容会留在历史里，随时可以恢复。',
  },
  en: {
    title: (count: number, field: string) => `${count === 2 ? 'Two' : count} people changed “${field}”`,
    shown: 'Shown now',
    choose: 'Use this',
    keep: 'Keep this',
    chooseAloud: (value: string, by: string) => `Use what ${by} wrote: ${value}`,
    follows: (what: string) => `If you choose this: ${what}`,
    safe: 'What you do not choose stays in the history and can be restored.',
  },
});

export const figures = words({
  zh: {
    asOf: (when: string) => `截至 ${when}`,
    table: '看成表格',
    what: '项目',
    of: (done: string, total: string) => `${done} / ${total}`,
  },
  en: {
    asOf: (when: string) => `As of ${when}`,
    table: 'Show as a table',
    what: 'Item',
    of: (done: string, total: string) => `${done} of ${total}`,
  },
});

export const list = words({
  zh: {
    more: '再往前看',
    shown: (count: number) => `共 ${count} 条`,
    none: '没有找到',
  },
  en: {
    more: 'Show earlier ones',
    shown: (count: number) => plural(count, 'entry', 'entries'),
    none: 'Nothing found',
  },
});
