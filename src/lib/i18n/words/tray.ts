import { words } from '../words.ts';

/** Why the server did not take something, as a person can act on it. Reasons that only a fault in the app explains share one. */
export const refusals = words({
  zh: {
    'not-allowed': '这个身份不能改这条记录。多半是负责的网格或队伍换人了。',
    'read-only': '这个身份在这里只能看，不能写。',
    'wrong-author': '写下它的人和现在登录的人不是同一个。',
    'unknown-base': '它是在一条服务器上没有的记录上改的。',
    'bad-fields': '有一项填的内容服务器不认。',
    'too-large': '内容太大，服务器不收。',
    'too-fast': '一下子送得太多，服务器没有收。',
    fault: '应用和服务器对不上，这是我们的错，不是你的。',
  } as Readonly<Record<string, string>>,
  en: {
    'not-allowed': 'This seat may not change that record. Most likely its grid or group has changed hands.',
    'read-only': 'This seat may read here but not write.',
    'wrong-author': 'It was written by somebody else than the person now at this tablet.',
    'unknown-base': 'It changes a record the server does not have.',
    'bad-fields': 'One of its fields holds something the server does not accept.',
    'too-large': 'It is too large for the server.',
    'too-fast': 'Too much arrived at once and the server turned it away.',
    fault: 'The app and the server disagree. That is our fault, not yours.',
  } as Readonly<Record<string, string>>,
});

export const sayRefusal = (reason: string): string => refusals[reason] ?? refusals['fault'] ?? '';
