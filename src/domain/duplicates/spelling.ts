/**
 * One spelling for what is written in several.
 *
 * - DU1 Width, case, spaces, punctuation, letters that look alike and frequent traditional and variant characters make no difference.
 */

/** Each traditional or variant character with the one it stands for. */
const traditional =
  '東东書书會会來来時时個个們们國国囯国學学習习車车門门間间開开關关長长張张陳陈劉刘楊杨黃黄趙赵吳吴孫孙馬马鄭郑謝谢馮冯許许蔣蒋韓韩葉叶蘇苏盧卢賈贾鄒邹陸陆閻阎龔龚譚谭賴赖鐘钟鍾钟羅罗萬万' +
  '華华蘭兰麗丽鳳凤龍龙飛飞雲云電电風风鮮鲜魚鱼鳥鸟雞鸡鴨鸭貓猫豬猪麵面飯饭館馆舘馆飲饮餅饼蝦虾醬酱鹽盐鍋锅爐炉園园樓楼區区鄉乡縣县廣广場场廳厅廠厂莊庄荘庄邨村橋桥灣湾島岛嶺岭陽阳陰阴' +
  '愛爱歡欢樂乐慶庆壽寿寶宝貝贝財财貨货買买賣卖錢钱銀银鐵铁興兴業业務务員员團团體体協协聯联總总組组織织紅红綠绿藍蓝紙纸線线繡绣經经濟济貿贸運运動动員员師师醫医藥药療疗養养護护' +
  '藝艺術术畫画詩诗詞词語语話话說说讀读課课誼谊調调談谈講讲議议計计設设訊讯證证認认識识記记點点齋斋燈灯煙烟熱热無无營营環环現现產产發发髮发盡尽監监眾众硯砚禮礼種种積积穩稳窩窝競竞' +
  '筆笔節节簡简築筑籃篮糧粮緣缘繽缤續续羣群義义聖圣聲声職职腳脚臺台與与舊旧舖铺鋪铺艙舱莖茎蓋盖蓮莲薈荟蕭萧薩萨裝装裡里裏里製制複复視视親亲覺觉觀观豐丰貴贵賀贺賢贤賽赛質质趕赶' +
  '躍跃軒轩軍军輕轻輝辉轉转辦办農农邊边達达遠远適适選选郵邮鄰邻隣邻醞酝釀酿針针銘铭錦锦鎮镇鏡镜鑰钥閃闪閣阁闊阔陣阵陸陆隊队階阶際际隨随雙双雜杂難难靈灵靜静韻韵頂顶順顺須须頭头題题顏颜願愿' +
  '類类顧顾飄飘養养騰腾駿骏驛驿驗验鬆松鬥斗鮑鲍鵬鹏鶴鹤黨党齊齐齡龄菓果咲笑煕熙峯峰嶽岳甦苏昇升陞升彙汇匯汇岀出棟栋單单號号層层戶户';

/** Cyrillic, Greek and Japanese letters and the signs they are taken for; numerals as banks write them. */
const lookalikes = 'аaеeоoрpсcуyхxіiѕsјjмmтtкkнhвbαaεeοoρpυuιiκkνvτtχxロ口囗口ニ二エ工カ力タ夕ト卜ハ八ー一〇零壹一贰二叁三柒七捌八玖九拾十珈咖琲啡';

function pairs(text: string): ReadonlyMap<string, string> {
  const all = [...text];
  return new Map(all.flatMap((each, index) => (index % 2 === 0 ? [[each, all[index + 1] ?? each] as const] : [])));
}

const oneFor: ReadonlyMap<string, string> = new Map([...pairs(traditional), ...pairs(lookalikes)]);

/** Sign by sign, for what must keep the signs between its numbers: ③ is 3, 叁 is 三. */
export const unified = (text: string): string => Array.from(text.toWellFormed().normalize('NFKC').toLowerCase(), (sign) => oneFor.get(sign) ?? sign).join('');

/** As names are compared: brackets stay, because what stands in them is another name or a branch. */
export function bracketed(name: string): string {
  let plain = '';
  for (const sign of name.toWellFormed().normalize('NFKC').toLowerCase()) {
    if (/[(（[【〔]/.test(sign)) plain += '(';
    else if (/[)）\]】〕]/.test(sign)) plain += ')';
    else if (/[\p{L}\p{N}ー]/u.test(sign)) plain += oneFor.get(sign) ?? sign;
  }
  return plain;
}

export const spelled = (name: string): string => bracketed(name).replace(/[()]/g, '');
