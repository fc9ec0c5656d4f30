/**
 * `node bench/worker/duplicates.ts`: what it costs to ask whether a name is here already, among 50,000 made-up records of a kind, and to
 * compare one that arrived. Processor time of one process, ms; docs/DUPLICATES.md shows the table.
 */
import { comparedKinds } from '../../src/domain/duplicates/compared.ts';
import type { Fields } from '../../src/domain/kernel/fact.ts';
import type { Folded } from '../../src/domain/kernel/fold.ts';
import { SimilarIndex } from '../../src/replica/projection/similar.ts';

const count = Number(process.argv[2] ?? 50_000);
const questions = 200;

let seed = 20_260_512;
const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

const signs = [...'海骏达沐言立夏好吃兔渔夫小镇双柏书院岷阳伏龙蜀都友邻佳和金玉春风明德慈佑青云锦绣芙蓉望江天府清溪百草东坡竹林桂花银杏星河月亮阳光大地长青永福安康吉祥如意顺达兴隆鼎盛宏图万家乐居雅致悠然山水人间烟火巷子里老街坊邻里情'];
const words = ['咖啡', '超市', '茶馆', '合唱队', '舞蹈队', '面馆', '火锅', '理发店', '物业', '集团', '幼儿园', '药店', '书店', '工作室', '公司'];
const surnames = [...'王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗'];
const name = (length: number): string => Array.from({ length }, () => pick(signs)).join('');
const partner = (): Fields => ({ name: `${random() < 0.2 ? `${name(2)}社区` : ''}${name(2 + Math.floor(random() * 3))}${pick(words)}`, ...(random() < 0.3 ? { aliases: [name(2 + Math.floor(random() * 2))] } : {}) });
const person = (): string => pick(surnames) + name(1 + Math.floor(random() * 2));
const resident = (): Fields => ({ grid: 'g1', name: person(), household: `hou_${Math.floor(random() * count / 3)}`, ...(random() < 0.5 ? { phone: `138${String(Math.floor(random() * 1e8)).padStart(8, '0')}` } : {}) });
const volunteer = (): Fields => ({ grid: `g${Math.floor(random() * 10)}`, name: person() });

const writtenDoor = (): Fields => ({ grid: `g${Math.floor(random() * 10)}`, building: `${pick(['银杏苑', '金桂里', '望江小区'])} ${1 + Math.floor(random() * 60)}${pick(['栋', '幢', '号楼'])}`, unit: 1 + Math.floor(random() * 4), floor: 1, door: `${1 + Math.floor(random() * 33)}0${1 + Math.floor(random() * 4)}${pick(['', '室', '号'])}` });
const building = (): Fields => ({ grid: `g${Math.floor(random() * 10)}`, courtyard: pick(['银杏苑', '金桂里', '望江小区']), name: `${1 + Math.floor(random() * 60)}${pick(['栋', '幢', '号楼'])}` });

const folded = (id: string, kind: string, fields: Fields): Folded => ({ record: id, kind, fields, heads: [], clashes: [], deleted: false, bornAt: 0, changedAt: 0, changedBy: '' });
const cpu = (): number => process.cpuUsage().user / 1_000;
const at = (sorted: readonly number[], share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(2);

function measure(title: string, kind: string, make: () => Fields, ask: () => Fields): void {
  if (!comparedKinds[kind]) return;
  const index = new SimilarIndex();
  const records = Array.from({ length: count }, (_, number) => folded(`${kind}_${number}`, kind, make()));
  const began = cpu();
  index.fill(kind, records);
  const filled = cpu() - began;
  const asked = Array.from({ length: questions }, ask);
  for (const fields of asked.slice(0, 20)) index.find(kind, fields, 4);
  const times = asked.map((fields) => {
    const before = cpu();
    index.find(kind, fields, 4);
    return cpu() - before;
  });
  times.sort((a, b) => a - b);
  console.log(`| ${title} | ${at(times, 0.5)} | ${at(times, 0.95)} | ${filled.toFixed(0)} |`);
}

console.log(`| ${count} of | median | 95th percentile | the list, once |\n|---|---|---|---|`);
measure("a partner's name", 'partner', partner, () => ({ name: partner()['name'] ?? '' }));
measure("a partner's name with two short aliases", 'partner', partner, () => ({ name: partner()['name'] ?? '', aliases: [name(2), name(2)] }));
measure('a resident with door and telephone', 'resident', resident, resident);
measure('a volunteer', 'volunteer', volunteer, volunteer);
measure('a door, ten grids', 'household', writtenDoor, writtenDoor);
measure('a building, ten grids', 'building', building, building);
