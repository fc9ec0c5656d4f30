import { words } from '../words.ts';

/** Why the server did not take something, and the way on. Reasons that only a fault in the app explains share one. */
export const refusals = words({
  zh: {
    'not-allowed': '这个身份不能改这条记录。多半是负责的网格或队伍换人了。请转告现在负责的人，或者导出文件交给社区。',
    'read-only': '这个身份在这里只能看，不能写。请让能写的人来记。',
    'wrong-author': '写下它的人和现在登录的人不是同一个。请由写的人重新登录后再记一次。',
    'unknown-base': '它是在一条服务器上没有的记录上改的。打开那条记录，照现在的样子再改一次。',
    'bad-fields': '有一项填的内容服务器不认。打开那条记录，改好再存一次。',
    'too-large': '内容太大，服务器不收。打开那条记录，写短一点再存一次。',
    'too-fast': '一下子送得太多，服务器没有收。过一会儿打开那条记录再存一次。',
    erased: '它说的是一个已要求抹去的人，不能再记回来。请删掉这一条。',
    fault: '应用和服务器对不上，这是我们的错，不是你的。请导出文件，交给社区转给我们。',
  } as Readonly<Record<string, string>>,
  en: {
    'not-allowed': 'This seat may not change that record. Most likely its grid or group has changed hands. Tell whoever is in charge now, or hand the exported file to the community office.',
    'read-only': 'This seat may read here but not write. Ask somebody who may.',
    'wrong-author': 'It was written by somebody else than the person now at this tablet. Its author can sign in and enter it again.',
    'unknown-base': 'It changes a record the server does not have. Open the record and change it again as it stands now.',
    'bad-fields': 'One of its fields holds something the server does not accept. Open the record, correct it and save again.',
    'too-large': 'It is too large for the server. Open the record, shorten it and save again.',
    'too-fast': 'Too much arrived at once and the server turned it away. Open the record a little later and save again.',
    erased: 'It is about somebody who has asked to be erased and may not be written down again. Drop it.',
    fault: 'The app and the server disagree. That is our fault, not yours. Hand the exported file to the community office; they pass it on to us.',
  } as Readonly<Record<string, string>>,
});

export const sayRefusal = (reason: string): string => refusals[reason] ?? refusals['fault'] ?? '';
