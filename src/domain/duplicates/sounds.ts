/** How syllables of pinyin are confused in Sichuan speech and in typing. */

/** zh/z, ch/c, sh/s, n/l, ing/in, eng/en fall together: 龙 long and 农 nong, 晨 chen and 曾 ceng. */
export const looseSound = (syllable: string): string =>
  syllable.replace(/^([zcs])h/, '$1').replace(/^n(?=.)/, 'l').replace(/^(.*[ie])ng$/, '$1n');

/** Characters taken for each other by eye, group by group. */
const shapes = '未末 己已巳 土士 日曰 人入 大太 天夫 干千于 午牛 王玉 今令 治冶 辛幸 茶荼 贝见 苑宛 骏峻俊 柏伯帕 沐休 渔鱼 候侯 荟荟会 晴睛 徽微 崇祟 戊戌戍 刀力 拔拨 析折 住往佳 氏民 鸟乌 万方 团困圈 岷眠 圆园 育肓 兔免 言信 诗侍';
const shapeOf: ReadonlyMap<string, number> = new Map(shapes.split(' ').flatMap((group, index) => [...group].map((sign) => [sign, index] as const)));

export function lookAlike(one: string, other: string): boolean {
  const shape = shapeOf.get(one);
  return shape !== undefined && shape === shapeOf.get(other);
}
