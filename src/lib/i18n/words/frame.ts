import type { TabletState } from '../../components/syncState.ts';
import { words } from '../words.ts';

export const frame = words({
  zh: {
    menu: '主要页面',
    skip: '跳到正文',
    waiting: (count: number) => `${count} 件待办`,
    opening: '正在打开…',
    list: '列表',
    detail: '详情',
    keys: '按键',
    keysTitle: '可以用的按键',
    keysOpen: '看有哪些按键',
    keysSearch: '查找',
    keysClose: '关闭、返回',
    keysUndo: '撤销刚才那一步',
    key: '按',
    does: '做什么',
  },
  en: {
    menu: 'Main pages',
    skip: 'Skip to the page',
    waiting: (count: number) => `${count} waiting`,
    opening: 'Opening…',
    list: 'List',
    detail: 'Details',
    keys: 'Keys',
    keysTitle: 'Keys you can use',
    keysOpen: 'Show the keys',
    keysSearch: 'Search',
    keysClose: 'Close, go back',
    keysUndo: 'Undo the last step',
    key: 'Press',
    does: 'What it does',
  },
});

export const sync = words({
  zh: {
    opening: '正在打开',
    confirmed: '全部已确认',
    sent: (count: number) => `${count} 条已发送`,
    saved: (count: number) => `${count} 条待发送`,
    offline: (count: number) => (count === 0 ? '没有网络' : `没有网络，${count} 条在本机`),
    refused: (count: number) => `${count} 条被退回`,
    storage: '存储有问题',
    carrying: (count: number) => `替人带着 ${count} 份`,
    lead: '这台平板',
  },
  en: {
    opening: 'Opening',
    confirmed: 'All confirmed',
    sent: (count: number) => `${count} sent`,
    saved: (count: number) => `${count} to send`,
    offline: (count: number) => (count === 0 ? 'No network' : `No network, ${count} kept here`),
    refused: (count: number) => `${count} refused`,
    storage: 'Storage trouble',
    carrying: (count: number) => `Carrying ${count} for others`,
    lead: 'This tablet',
  },
});

/** @param count records in that state; for `offline`, how many are only here */
export function sayTablet(state: TabletState, count: number): string {
  const said = sync[state];
  return typeof said === 'string' ? said : said(count);
}

export const update = words({
  zh: {
    ready: '有新版本。',
    kept: '写了一半的内容已存为草稿，什么时候换都可以。',
    now: '现在换',
    switching: '正在换成新版本…',
    switchingLong: '浏览器还在等旧版本做完手上的事，换好会自己打开。写下的都在；关掉其他窗口会快一些。',
    elsewhere: '另一个窗口已换成新版本。写完后请重新打开这一页。',
    reopen: '重新打开',
    failed: '断网时可能打不开这个页面：离线功能没有装上。数据没有受影响。',
  },
  en: {
    ready: 'A new version is here.',
    kept: 'Anything half-written is kept as a draft. Change over whenever it suits you.',
    now: 'Change now',
    switching: 'Changing to the new version…',
    switchingLong: 'The browser is still letting the old version finish; the new one opens by itself. All you wrote is kept. Closing other windows makes it faster.',
    elsewhere: 'Another window changed to the new version. Open this page again when you have finished.',
    reopen: 'Open again',
    failed: 'This page may not open without a network: the offline part could not be installed. Your data is safe.',
  },
});

export const undo = words({
  zh: { label: '撤销', failed: '没能撤销。可以在这条记录的历史里恢复。' },
  en: { label: 'Undo', failed: 'This could not be undone. The record’s history can still restore it.' },
});
