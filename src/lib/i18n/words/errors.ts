import type { CommandError } from '$domain/kernel/command.ts';
import { words } from '../words.ts';

/** What happened, what was kept, what to do. A field's own trouble stands at the field instead. */
export interface SaidError {
  readonly what: string;
  readonly kept: string;
  readonly todo: string;
}

export const errors = words({
  zh: {
    missing: '这里要填',
    tooLong: '写得太长了，请缩短一些。内容没有被截断。',
    endsBeforeStart: '结束要晚于开始',
    beforeVisit: '下次走访不能早于这一次',
    namedTwice: '同一个人出现了两次',
    noConsent: '要先征得本人同意，才能记下这一项',
    personal: '这一行大家都看得到，不能写姓名、门牌或电话；写到下面“原话”里',
    photoGone: '有一张照片不在这台平板上了。去掉它，或重新拍一张',
    pastPoints: '这一类已经有规则在用，过去的积分不改：请从今天或以后的一天开始',
    ruleInForce: '这条规则已经在用，按它得的积分要留得住：请另加一条从今天或以后开始的新规则',
    notHeld: '这台平板上没有为这个人留这么多积分。连上网可以申请，现在先不要给东西。',
    frozen: '这台平板可能被复制过，社区核对以前不能兑换。',
    notToday: '今天不能换这一样。',
    notOver: '不能晚于今天',
    identityNumber: '这里像有身份证号，不能写下来；需要的话打印后手写',
    tooLate: '过了 31 天，不能整批撤销了。要改哪一条，请打开那一条',
    invalid: '这里填得不对',
    formKept: '写好的内容还在这里。',
    notFound: '这条记录在这台平板上找不到了，可能别人刚删了它。',
    notFoundTodo: '回到列表看看。要找回，打开它的历史。',
    exists: '已经有一条同样的了。',
    existsTodo: '打开那一条来改，不用再建。',
    notAllowed: '这个身份不能做这一步。',
    notAllowedTodo: '请社区工作人员来做，或换一个身份。',
    nothingChanged: '没有改动，所以没有要保存的。',
    nothingChangedTodo: '改一处再保存，或者直接离开。',
    full: '平板的存储满了，没有存上。',
    fullTodo: '先别关这一页。删掉一些照片或视频腾出空间，再按一次保存。',
    broken: '平板的存储出错了，没有存上。',
    brokenTodo: (detail: string) => `先别关这一页，再按一次保存。还不行，把这句话告诉维护的人：${detail}`,
  },
  en: {
    missing: 'Please fill this in',
    tooLong: 'This is too long; please shorten it. Nothing was cut off.',
    endsBeforeStart: 'The end must be later than the start',
    beforeVisit: 'The next visit cannot be before this one',
    namedTwice: 'One person is named twice',
    noConsent: 'This may only be written down once the person has agreed',
    personal: 'Everybody can read this line: no name, door or telephone number. Put those under “In their words” below',
    photoGone: 'A photo is no longer on this tablet. Remove it, or take it again',
    pastPoints: 'A rule of this class is in force already, and what was earned stays: start today or later',
    ruleInForce: 'This rule is in force, and what was earned by it stays: add a new one that starts today or later',
    notHeld: 'Not so many points are held for this person on this tablet. Ask for them when there is a network, and hand out nothing until then.',
    frozen: 'This tablet may have been copied. Nothing is redeemed here until the community office has looked.',
    notToday: 'This is not handed out today.',
    notOver: 'It cannot be later than today',
    identityNumber: 'This looks like an identity-card number, which is never written down; add it by pen on paper if you must',
    tooLate: 'After 31 days an import is not taken back as a whole any more; open the records one by one',
    invalid: 'This does not fit here',
    formKept: 'What you wrote is still here.',
    notFound: 'This record is no longer on this tablet; somebody may just have deleted it.',
    notFoundTodo: 'Go back to the list. Its history can bring it back.',
    exists: 'There is one like this already.',
    existsTodo: 'Open that one and change it instead.',
    notAllowed: 'This seat may not do that.',
    notAllowedTodo: 'Ask the community office, or take another seat.',
    nothingChanged: 'Nothing was changed, so there is nothing to save.',
    nothingChangedTodo: 'Change something first, or simply leave.',
    full: 'The tablet’s storage is full; this was not saved.',
    fullTodo: 'Keep this page open. Delete some photos or videos to make room, then press save again.',
    broken: 'The tablet’s storage failed; this was not saved.',
    brokenTodo: (detail: string) => `Keep this page open and press save again. If that fails, tell whoever maintains this: ${detail}`,
  },
});

/** The words at a field, or undefined where the error is about no field. */
export function sayFieldError(error: CommandError): { readonly field: string; readonly words: string } | undefined {
  if (error.type === 'Missing') return { field: error.field, words: errors.missing };
  if (error.type !== 'Invalid') return undefined;
  const why = {
    'too-long': errors.tooLong,
    'ends-before-start': errors.endsBeforeStart,
    'before-visit': errors.beforeVisit,
    'named-twice': errors.namedTwice,
    'no-consent': errors.noConsent,
    personal: errors.personal,
    'photo-gone': errors.photoGone,
    'past-points': errors.pastPoints,
    'rule-in-force': errors.ruleInForce,
    'not-held': errors.notHeld,
    frozen: errors.frozen,
    'not-today': errors.notToday,
    'not-over': errors.notOver,
    'identity-number': errors.identityNumber,
    'too-late': errors.tooLate,
  };
  return { field: error.field, words: error.why ? why[error.why] : errors.invalid };
}

export function sayError(error: CommandError): SaidError {
  const kept = errors.formKept;
  switch (error.type) {
    case 'Missing':
      return { what: errors.missing, kept, todo: '' };
    case 'Invalid':
      return { what: sayFieldError(error)?.words ?? errors.invalid, kept, todo: '' };
    case 'NotFound':
      return { what: errors.notFound, kept, todo: errors.notFoundTodo };
    case 'AlreadyExists':
      return { what: errors.exists, kept, todo: errors.existsTodo };
    case 'NotAllowed':
      return { what: errors.notAllowed, kept, todo: errors.notAllowedTodo };
    case 'NothingChanged':
      return { what: errors.nothingChanged, kept, todo: errors.nothingChangedTodo };
    case 'StorageFull':
      return { what: errors.full, kept, todo: errors.fullTodo };
    case 'StorageBroken':
      return { what: errors.broken, kept, todo: errors.brokenTodo(error.detail) };
  }
}
