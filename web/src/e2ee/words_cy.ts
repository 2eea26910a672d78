// SPDX-License-Identifier: Apache-2.0
// The Welsh words to compare: 2,048, our own choice, by the rules of words_en.ts. A draft: to be read by somebody whose first language
// is Welsh before a trust uses it. The order is part of the protocol (docs/decisions/0009). Tested by words.test.ts.
export const wordsCy: readonly string[] =
  `
aberoedd absennol abwyd academi acenion achlysur achos achub actio actor adain adarydd adborth addasiad addasu addewid addfwyn addo
addurn addysg adeg adeilad adenydd aderyn adfer adfywio adlais adlam adleisio adlewyrch adloniant adnabod adnewyddu adnodd adolygiad
adolygu adran adroddiad aduniad aeddfed aelod aelwyd aeron aethnen afalau afanc afiaith afonydd agenda agored agorfa agoriad agosach
agwedd ailadrodd ailgylchu alarch alawon alban albwm alcof algebra allanol allforio allwedd almanac alpaidd alwminiwm amaeth ambell
amcan amddiffyn amgaead amgueddfa amgylch amlen amlinell amlochrog amlwg amodol amryfal amrywiol amser anelu anferth anfon angerdd angor
anheddau anialwch anifail annog annwyl anodi anogaeth anrheg anrhydedd ansoddair antelop antur anwes apelio apricot arabedd arafu arbed
arbenigo arbenigwr arbennig arbrawf archarwr archeb archwilio ardal arddangos arddegau arddull arena arfaethu arfbais arferol arfog
arfordir argae argoel argraff arholiad arhosfan arian arlliw arllwys arloesi arloeswr arlunio arlunydd arlwyo arnofio arobryn arogl
arolwg aros arsylwi artisan artist arwain arweinydd arwr arwydd asbri asesu asgell asiant astudio atal atebion atgof athletau athrawes
athrawon athro atlas atom atriwm atynnu aur awdur awelon awgrym awyddus awyren awyrgylch awyrlun babell bachgen bachog bachu badminton
balch balconi balerina balwn banana banciau bandstand baner banjo bara barcud bardd bargen barlys baromedr barrug basged basn bathodyn
batri bechan bedwen beicio beiciwr beicwyr beirdd beirniad belt berfa berwi betys biliards bioleg bisgedi bisgedyn blaengar blaguro
blanced blasus blawd blew blodau blodeuo blodyn bloedd blows blwch blwyddyn blynyddol bocsio bocsys boda bodlon bolard boncyff bondo
bonedd bonyn boreol botaneg botwm botymau bowlio braf braint braslun brawddeg brecwast breichled brenin bresych brethyn breuddwyd
breuder briallu brics briff brigau brigyn brithlen brithyll briwsion brodio brodor brodwaith broga bronze brwdfryd brwsh brwynen brychau
bryniau brysio buarth buches buddiol buddug bugail bugeilio busnes bwa bwced bwlb bwletin bwndel bwriad bwrlwm bwrlymus bwthyn bwydlen
bwydo bwydydd bwyta byddin bydoedd bydysawd byngalo byrbryd byrddau byrfyfyr byrion bywiog bywyd cabinet cacen cacti cacynen cadair
cadarn cadeiriau cadno cadwraeth cadwyn caead cael caffi caled calendr calennig calonogol camera camlas camlesi camomil campfa campus
canfod caniad caniatau caniedydd canllaw canmlwydd canmol canolfan canrif cantata cantores cantorion canu canwr canwyll capten carafanau
caramel carbon cardiau cardota caredig caregog carfan carnifal carped carreg cartref cartwn carw casgen casgliad casglu casglwr castell
catalog cath cawell cawlio cawod caws cedrwydd ceffyl cefnfor cefnogi ceidwad ceiliog ceinder ceiniogau ceirch ceirios celfi celfydd
celloedd celyn cemeg cenhinen cenllysg cennin centimedr cerameg cerbyd cerdd cerdyn cerfiwr cerflun cerrig ceufad ceunant chwaeth
chwarae chwarel chwareus chwarter chwech chwedl chwefror chwerthin chwiban chwilair chwilen chwilfryd chwiliad chwilio chwilotwr
chwimwth chwinciad chwith chwyn chwyrlio chwythu cicio cilgant cilo cimwch ciosg citrws clai clarinet clasur clawdd clawr clebran
cleient clementin clera clicied clirio cloch clociau cloddio clogau clogwyn clorian clos clustog clwb clwstwr clwyd clychau clytwaith
clywed cnapan cnau cneifio cneuen cnocell cnofil cnwd cnydau coban codi coeden coediog coedlan coedwig coelcerth cofiadwy cofio cofnodi
cofrodd coginio cogydd coler colofn colomen comed comig compost compownd condor conffeti consuriwr contract copaon copr corgi corlannau
cornel coron corsydd cortyn corwynt cotiau cownter craff cragen craig crancod creadigol creadur crefft cregyn creigiau creision crempog
creu criced cricsyn crisial criw crochan croesair croesawu croeso cromen cromlech crud crwban crwn crwst crwydro crwydryn crynodeb crynu
crystyn cudyll curo cwac cwadrant cwafer cwarts cwblhau cwch cwestau cwestiwn cwilt cwlwm cwmni cwmpas cwmpawd cwmwl cwningen cwningod
cwpan cwpl cwpwrdd cwrel cwricwlwm cwrlid cwrs cwrtais cwrwgl cwsg cwsmer cwt cyberofod cychod cychwyn cydganu cydio cydlynu cydnabod
cydradd cyfaddas cyfagos cyfaill cyfan cyfarch cyfarfod cyfarpar cyfarwydd cyfatebol cyfeiriad cyferbyn cyffredin cyffro cyffwrdd
cyfieithu cyflawni cyfle cyflog cyflwyno cyflym cyfnewid cyfnod cyfoedion cyfoes cyfoeth cyforiog cyfrannu cyfrif cyfrol cyfrwng
cyhoeddi cyhydedd cylch cymal cymanfa cymdogion cymeriad cymesur cymhleth cymorth cymryd cymuned cymwynas cymwys cymydog cymylau cynefin
cynfas cyngerdd cyngor cynhaeaf cynhesu cynhwysyn cynilo cynllun cynnal cynneddf cynnes cynnig cynnyrch cyntaf cynulliad cynyddu cyrliog
cyrn cyrraedd cyrten cysgod cyson cystadlu cysur cyswllt cytgan cytundeb cytuno cywasgu cywion cywir cywrain cywydd daear dafad dafnau
dail daioni dalen dalgylch dangos darbodus darganfod dargludo darlith darllen darlun darn data datblygu datgan dathliad dathlu datrys
dawns deall dechrau dechreuad decpunt defaid deffro defnydd defod degawd deheuol deial deilen deiseb delfryd delwau delwedd denu derbyn
derwen desgiau deuddeg deugain dewin dewisol dewrder diadell diagram diamod diamwnt diddan diddig diddordeb diddorol didwyll dienw
diferyn diffuant difyr digidol digon digrif digwydd dihareb dihuno dillad dilyn dimensiwn dinas dinosor diod diofal diogel diolch
diploma disgo disgrifio disgwyl disgybl distaw diwedd diwrnod diwyd dodrefn doeth dofednod dolffin domino doniol dosbarth dracht draenen
draenog drama dramor drws drych drymiwr drysau drysfa dulliau dwbl dweud dwfn dwsin dwylo dwyrain dwys dychmygu dychwelyd dydd dyfais
dyfal dyfeisio dyffryn dyfodiad dyfodol dyfrgi dyfrio dyfrlliw dyfroedd dyfynnu dygnwch dylanwad dyledus dylunio dymuniad dymuno
dyngarwr dynodi dyrchafu dyrnaid dyrys dysgl dysgwr dywediad ebol eboni ebrill ebychnod echdoe echel ecoleg economi edau edmygu edmygydd
efelychu effaith efrydydd efydd eglur egni egwyddor egwyl ehangder ehangu ehediad ehedydd eiddew eiddo eidion eillio eilradd eira eirin
eiriolwr eistedd eitem eithin elain electron eleni elfen eliffant ellyn elusen elw emrallt endid enfys englyn enillydd ennill ennyd
ensemble enwi enwog eofn eog epig eraill ergyd erthygl eryrod esblygu esboniad esboniwr esgid esgus esgyn esiampl esmwyth estyniad ethol
etifedd eurgylch eurwaith eurych ewyllys ewyn fanila feiolin fersiwn fertigol ffactor ffair ffasiwn ffedog ffenestr ffenics ffens fferi
ffermdai ffermio ffermwr ffidil ffidlwr ffigys ffilm ffiniau fflach fflam ffliwt ffocws ffonio ffont fforch ffordd fforest fforwm
ffowndri ffraeth fframiau ffrind ffrog ffrwd ffrwyth ffugenw ffuglen ffuret ffurf ffwdan ffwlcrwm ffwrn ffyddlon ffyniant ffynnon fideo
finegr fiola gaeaf gafr galaeth galerau gallu galwad gambo garddio garddwr garej garlant garlleg garsiwn gefail gefell geifr geirfa
geiriadur geiriau gellyg gemwaith genweirio gerbil gerddi gerllaw ginger gitar glanfa glanhau glaniad glas glawog gleider gleiniau
gleisiad gleision glendid glesni globau gloddfa glowyr gloyw glud glynu gobaith gobeithio gobennydd godidog gofal gofod gofyn gogledd
gogoniant gogwydd gohebydd golau golchi goleuadau goleudy goleuni goleuo golff gollwng gollyngwr golwg golwyth golygfa gorchymyn gorffen
gorllewin gorsaf goruwch gorwedd gosteg gostwng graddfa grawn grisialog grisiau gronyn grug grwpiau grymus gwadnau gwagle gwahodd gwair
gwaith gwanwyn gwarant gwarchod gwartheg gwasgu gwastad gwau gweddol gwefan gwefr gwehydd gweini gweithdy gweithgar gweithio gweithiwr
gweld gweledol gwelliant gwellt gwenau gwenith gwennol gwenyn gwerdd gwerin gwerth gwestai gwesty gwialen gwibdaith gwibio gwifren gwisg
gwiwer gwlad gwledd gwledig gwledydd gwneud gwobr gwraidd gwrando gwregys gwreiddyn gwres gwrthrych gwrych gwyddonol gwydnwch gwydr
gwyfyn gwylan gwylfa gwyliau gwylio gwyliwr gwymon gwynt gwyrddni gwyro gymnasteg hadau haearn haelioni haelionus haenen hafaliad hafan
hafddydd hafod halenog halwyn hamdden hamog haneru hanes hanner harbwr harddwch harmoni harneisio haul hawdd hebog hebryngwr heddiw
heddwch hedfan hedyn hefyd heini helaeth heledd helfa heliwm helmed helpu helyg heneb herodr hetiau heulfryn heulog heulwen hidlo
hidlydd hinsawdd hirgrwn hiwmor hoci hoelen hoffi hoffter hoffus hofran hogan holiadur hollt hongian hopys hormon hosanau hosteli huawdl
hudol hufen hunan hunlun huno hwb hwiadau hwmws hwyaden hwyaid hwylbren hwyliog hwylusdod hwyluso hwyr hyblyg hyder hydref hydrogen
hyfforddi hyfryd hylif hynafiaid hynafol hynod hynt hyrddod hyrwyddo hyrwyddwr hysbyseb iachau iachus iaith iard iarlles iasol iau idiom
ieir ieithoedd ieithydd ieuanc ieuenctid igam impio incwm indigo injan iogi iogwrt ionawr iorwg ireiddio iris jac jasmin jeli jersi jig
jiraff jiwbili jocian jygiau label labordy lafant lagwn lamp lansio lapdop lapio larwm lasagne lawnt lecsiwn lefel leim lelog lemon
lensys lifrai lili lindys litr llachar llaeth llafar llafn llais llall llamu llannerch llanw llarwydd llatai llathen llawen llawlyfr
llawryf llechen llechfaen llechi llechwedd lledaenu lledr llefaru llefrith lleiaf lleisiol llenfetel llenor llenwi llenyddol lleoliad
llestri lletem llety lleuad llewyrch lliain lliaws lliflifo llinell llinyn llithren llithro lliwgar lliwiau lliwio lloches lloer llofft
llofnod llogi llong llonni llonydd lloriau lluched lluest llugaeron lluniau lluniwr lluoedd lluosi llusern lluwch llwyau llwybr llwyddo
llwydni llwyfan llwyn llwyth llychlyn llydan llyffant llyfnder llyfr llygedyn llygoden llynedd llynges llynnoedd llysenw llysiau
llysieuol llythyr llywydd loetran lolfa lolian lolipop lori lotws lwcus lwfans mabwysiad macrell madarch madfall madrigal maenordy
maestref maethlon magnet magu magwraeth mahogani mainc malwen malwod mandolin mango maniffest manwl mapiau marathon marblis marchnad
marchog margarin marigold marjoram marmaled marmor masgot masnach matres mawredd mawrth mecanydd meddal medi medru megin mehefin
meillion meinciau meistr melfed melinydd melodi melonau melys memrwn menig menter mentro mentrus menyn merlen merlod merlota mesen mesur
metel metron mewn meysydd microsgop milgi miliwn milltir miniog mireinio miri misol miwsig miwsli model modern modfedd modrwy modur
moethus moleciwl monitro mordaith mordwyo morfa morfil morgrug morlan morlo moronen morter morwr morwyn mosaig mudo muesli munud muriau
mwclis mwgwd mwsogl mwyaf mwyalchen mwydyn mwynau mwynder myfyrdod myfyrio myfyriwr mymryn mynd mynediad mynegi mynychu mynydd myrdd
naddu nafis naid naill naratif natur nawfed nawr neges neidio neidiwr neilltuol neisied neithdar nenfwd neon neuadd newid newydd nifer
nionyn niwlog niwtral nodau nodwedd nodyn nofel nofiwr normal noson nwy nythaid nythod nythu oblegid ochr ocsigen octopws oddeutu
oedolyn oedran oen oerfel oergell oesoedd offer ogofau olewydd olion olrhain olwynion olwyno olyniaeth omled onglydd onnen opera optegol
optimist orbit oregano orennau oriawr oriel origami ornament osgoi pabi paced pacio padell padlo paent pafiliwn palas palet palmant
palmwydd pamffled panad panda pannas panorama pantri paprica papur paragraff parasiwt parasol paratoi parchus parhau parod parsel parti
partner pastai pasteiod pastel patrwm patrymau pawb pawen pecyn pedair pedwar pegwn peintiwr peiriant pelen pellter pelydrau pelydryn
penaeth penblwydd pencadlys penderfyn penfras pengwin penillion pennod penodi penodol penrhyn pensaer pensil pensiwn pentref pentwr
penwaig perchen perffaith perlau perllan perlog perlysiau persain persawr persli perswadio perth pertrwydd petal pethau petruso piano
pibell picl picnic pigog pilipala pinafal pinc pinwydd pioden pisyn pitsa plac plaen plaid planed planhigyn plannu plasty platiau
pleidlais pleser plethu pluog plwmwr plwyf plygu poblog pobty pobydd podiwm podlediad polisi polyn pompren pontydd popeth poplys porffor
porslen porthladd portread posau posibl posteri postmon postyn potel powlen praidd prawf preifat prelud prentis pres pridwydd prifardd
priffordd prifysgol prin proffil profi project prydferth prydles prydlon prynhawn prynwr prysur pump punnoedd punt pwdin pwll pwmpen
pwmpio pwrcasu pwrpas pwyllog pwysig pwyslais pwyso pwythau pwytho pyllau pymtheg pynciau pyped pyramid pysgodyn pysgota pysgotwr
pythefnos radio rafft rasys record refferi reis resin reslo restio rhaca rhaeadr rhaff rhagair rhagfyr rhaglen rhagorol rhagweld rhain
rhamant rhandir rhannu rhaw rhedeg rhedwr rheol rhesinau rhestr rheswm rhesymol rhewgell rhewi rhewlif rhifau rhigol rhinwedd rhisgl
rhodd rhodfa rhodfeydd rhoi rholer rholyn rhoslwyn rhosmari rhosod rhostir rhubanau rhuddem rhugl rhwng rhwyd rhwyfo rhwyfwr rhwymyn
rhychwant rhyddhau rhyddid rhyfedd rhyngrwyd rhythm rhywbeth rhywun rigio riwbob robin robot roced roliau romantig rownd ruban rwan
rwbel rwdins rygbi rysait sach saernio safana safbwynt saffir saffrwm safle safon sain salad sampl samwn sanau sandalau sawdl sawrus
sbardun sbectol sbeis sbort sbwng sebon sebra sedd sefydlog sefyll segur seibiant seiclo seiniau seiren selsig semester senedd sensitif
serchog seremoni serenedd serennu serfio sesiwn set sgarff sgert sgil sglefrio sglefriwr sgleinio sgolor sgon sgorio sgrin sgwar sgwrs
sgwter sgyrsiau siaced siapiau siarad siarcol siarter siartiau siawns sibrwd sibrydion sicrwydd sidan siglen siglo silff silindr sillaf
silwair simdde sinamon sinema siocled sioe sionc siopa siopwr siriol siwgr siwmper siwrnai siwt sleid slip smotyn smwddio snwcer
soddgrwth sofl solar solet sonata soned soniarus sopranos sosban soser stabl stadiwm stamp steil stensil stiwdio stondin storfa stori
straeon streipen stribed strwythur stryd swits swper swydd swynol sychder sydyn syfrdan sylfaen syllu sylwi symbol symffoni syml symud
syndod synfyfyr synhwyrau synhwyrol syniad synnu synnwyr syrcas syrffio syrffiwr syrpreis system syth taclo taclus taflen taflu tair
talent tamaid tanlinell tanwydd tap taran tarddiad taro tarten tarth tatws tawel tebot tebyg teclyn tegan tegell teils teilwng teilwr
teimlad teimlo teip teisen teithio teithiwr telesgop telynor tempo teneuo tenis terasau terfyn tesog testun theatr tirion tirlun tirnod
tirweddau titw tiwba tiwlip tiwn tocyn toddi tonnau torf torheulo toriad torri torthau traddodi traeth traffordd trafod tramwyo
trannoeth traws trebl trefi trefniant trefnu trefol treiglo treulio triawd tric tridiau triongl trochi troell trol trosi trothwy trowsus
trwchus trwmped trwsio trwyadl trydan tryloyw trylwyr trysor trywel trywydd tudalen tuedd tusw twmpath twndis twnelau twnnel twrci tybed
tybio tyddyn tyfu tylluan tylwyth tymherus tymhorau tymor tyner tyrau tyrbin tyrfa tyst tywod tywynnu tywysog uchaf uchder ufudd ugain
undeb undod undonog unedig unfed unfrydol uniaith unigol unigryw union unplyg unrhyw urddas ust utgorn uwchben uwchradd wal wats wyau
wybren wyneb wythnos ydfran ymadrodd ymaelodi ymarfer ymateb ymbarel ymchwil ymdaith ymdrech ymdrochi ymestyn ymgais ymlacio ymlaen
ymlwybro ymolchfa ymolchi ymrwymo ymsymud ymweld ymwelydd ymwneud ymwybod ymyl ynganu ynni ynysfor ynysoedd ysgafn ysgallen ysgawen
ysgewyll ysgol ysgrepan ysgrifen ysgubell ysgubo ysgwyd ysmala ystad ystafell ystlum ystwyth ystyr yswiriwr
`
    .trim()
    .split(/\s+/);
