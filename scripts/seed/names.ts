/** Names as they are written, each with the letters its handle is made of. */

const pairs = (text: string): (readonly [string, string])[] =>
  text
    .trim()
    .split(/\s+/)
    .map((pair) => {
      const [name = '', handle = ''] = pair.split('/')
      return [name, handle] as const
    })

export const FIRST_NAMES = pairs(`
Ana/ana Ben/ben Chloe/chloe David/david Emma/emma Finn/finn Grace/grace Hugo/hugo Ida/ida Jonas/jonas Klara/klara
Liam/liam Mia/mia Noah/noah Olga/olga Paul/paul Rosa/rosa Sam/sam Tom/tom Uma/uma Vera/vera Will/will Xenia/xenia
Yara/yara Zoë/zoe Ünal/uenal Jürgen/juergen Björn/bjoern Søren/soeren Łukasz/lukasz Éva/eva Čeněk/cenek Ñusta/nusta
Íris/iris Ömer/oemer Иван/ivan Ольга/olga Ελένη/eleni Νίκος/nikos 太郎/taro 花子/hanako 伟/wei 秀英/xiuying 민준/minjun
محمد/mohammed فاطمة/fatima Αθηνά/athina Žofie/zofie Renée/renee Maëlle/maelle`)

export const LAST_NAMES = pairs(`
Smith/smith Jones/jones Meyer/meyer Müller/mueller Schäfer/schaefer Weiß/weiss Rossi/rossi García/garcia Núñez/nunez
Novák/novak Kowalski/kowalski Çelik/celik Demir/demir Østergård/oestergaard Lindström/lindstroem O'Brien/obrien
Ivanov/ivanov Петрова/petrova Παππάς/pappas 田中/tanaka 鈴木/suzuki 王/wang 李/li 김/kim حسن/hassan عبدالله/abdullah
Dupont/dupont Lefèvre/lefevre Silva/silva Santos/santos Nguyễn/nguyen Trần/tran Cohen/cohen Levi/levi Singh/singh
Patel/patel Haddad/haddad Berg/berg Fischer/fischer Wagner/wagner`)
