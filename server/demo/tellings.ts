/** What residents ask for at their doors in the demo: the line everybody reads, the words as told, and who would help. All invented. */
import type { NeedCategory } from '../../src/domain/needs/schema.ts';
import type { TemplateName } from './templates.ts';

export interface Telling {
  readonly category: NeedCategory;
  /** ND3 Names nobody, no door and no number. */
  readonly title: string;
  readonly words: string;
  /** Whoever holds such activities may be asked. */
  readonly helpers: readonly TemplateName[];
}

const telling = (category: NeedCategory, title: string, words: string, helpers: readonly TemplateName[]): Telling => ({ category, title, words, helpers });

export const tellings: readonly Telling[] = [
  telling('repair', '楼道灯不亮，想请人修', '三楼的灯坏了两个月，晚上下楼看不见，娃儿回来也怕。', ['repair', 'homeRepair']),
  telling('repair', '厨房水龙头漏水', '滴滴答答一晚上，自己拧了几次都拧不紧。', ['homeRepair']),
  telling('repair', '电饭煲坏了，想找人看看', '用了八年了，扔了可惜，看看还能不能修。', ['repair', 'societies']),
  telling('repair', '老花镜腿断了，剪刀也钝了', '街上修的人没有了，走远了又不方便。', ['repair', 'sewing']),
  telling('care', '白天一个人在家，想有人来说说话', '娃儿些都在外地，一天到黑就看电视。', ['meals', 'youth']),
  telling('care', '想在小区里量血压', '去医院排队要一上午，要是楼下就能量就好了。', ['clinic', 'pulse']),
  telling('care', '腿脚不方便，想请人上门理发', '下楼一趟不容易，头发长了三个月了。', ['serviceDay', 'homeRepair', 'youth']),
  telling('errand', '想请人帮忙买菜送上楼', '住得高，买袋米要歇三回。', ['meals', 'youth']),
  telling('errand', '不会在手机上挂号', '上回去医院，人家说都要手机挂，我搞不来。', ['phoneClass', 'meals']),
  telling('learning', '想学用手机视频通话', '想看看孙儿，按来按去打不通。', ['phoneClass', 'societies']),
  telling('learning', '孩子放学到大人下班之间没人管', '四点半就放学，我们六点才到家，一个人在屋头打游戏。', ['afterSchool', 'youth']),
  telling('learning', '想找地方让孩子看书', '屋头小，写作业都在饭桌上。', ['reading', 'lecture', 'afterSchool']),
  telling('culture', '想有个唱歌的队伍', '年轻时在厂里唱过，退休了找不到人一起唱。', ['choir', 'revue', 'squareDance']),
  telling('culture', '想学写毛笔字', '听说别的社区有课，我们这边有没有哦？', ['calligraphy']),
  telling('culture', '希望周末有亲子活动', '周末就是商场，娃儿都逛烦了。', ['baking', 'reading', 'shopFair', 'station']),
  telling('environment', '单元门口堆了旧家具', '堆了快一个月，进出都要侧起身子。', ['cleanup', 'patrol']),
  telling('environment', '想在空地上种点花', '那块地一直荒起，种点花草多好。', ['garden', 'cleanup']),
  telling('environment', '电动车停在楼道里', '说了几回都不听，晚上起来看到心头慌。', ['patrol', 'mediation']),
  telling('mediation', '楼上晚上声音大，想请人说一说', '不想吵架，就想有个人在中间说一下。', ['mediation', 'teahouse']),
  telling('mediation', '停车位总被占', '回来晚了就没有位子，想大家坐下来商量个办法。', ['mediation', 'teahouse']),
  telling('goods', '家里有小孩衣服想送人', '都还是新的，丢了可惜。', ['redemption', 'sewing', 'shopFair']),
  telling('goods', '想借一副轮椅用两周', '老人摔了一跤，用完就还。', ['meals', 'clinic']),
  telling('work', '想在家附近找点活做', '娃儿上学了，半天的工作都可以。', ['sewing', 'baking', 'shopFair']),
  telling('other', '想认识同一栋的邻居', '才搬来，门对门都不认识。', ['serviceDay', 'shopFair', 'apartment']),
];

/** Said by whoever withdraws one. */
export const withdrawnReasons = ['物业已经修好了', '家里人回来了，不用了', '搬走了', '自己解决了'] as const;
/** Said when what was called done was not. */
export const notDoneReasons = ['又坏了，再来看一次', '只做了一半，下周接着做'] as const;
