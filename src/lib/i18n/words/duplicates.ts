import { words } from '../words.ts';

export const duplicates = words({
  zh: {
    perhaps: '可能已经有了：',
    reason: {
      same: '名字一样',
      alias: '是它的别名',
      sound: '读音一样或相近',
      typo: '写法相近',
      core: '主名一样',
      phone: '电话尾号一样',
      door: '同一户',
      holds: '名字里有',
    },
    and: '、',
    why: (name: string, reasons: string) => `${name}（${reasons}）`,
  },
  en: {
    perhaps: 'Perhaps it is here already:',
    reason: {
      same: 'same name',
      alias: 'an alias of it',
      sound: 'sounds alike',
      typo: 'written alike',
      core: 'same main name',
      phone: 'same end of telephone number',
      door: 'same household',
      holds: 'contains it',
    },
    and: ', ',
    why: (name: string, reasons: string) => `${name} (${reasons})`,
  },
});
