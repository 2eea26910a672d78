// SPDX-License-Identifier: Apache-2.0
// The English words to compare: 2,048, our own choice. None is unkind, frightening, clinical, religious or of the body; none is the
// beginning of another or one letter away from it, and words that sound like another are left out. The order is part of the
// protocol: a place in this list is what a group's keys name (docs/decisions/0009). Tested by words.test.ts.
export const wordsEn: readonly string[] =
  `
ability aboard abundant academy acclaim achieve acorn acoustic acreage acrobat active actor adapt address adjust admire adorable adult
advance adventure adviser aerial aerobic affable affirm afternoon agile agree airport albatross album alcove alder alert alfalfa algebra
alley alliance allspice almanac almond aloe aloft alpaca alphabet alpine already alto always amazing amber ambience amethyst amiable
amount ample amuse anchor anemone angle angora animal anise annex annual answer antelope antenna anthem antique antler anvil apex
applaud apply approve apricot apron aquarium aqueduct arbour arcade archer architect archway arctic arena argyle armchair arrange
arrival artichoke artisan artist ascend asparagus aspect aspen aspire assemble assist aster astute athlete atlas atoll atrium attend
attire attract aubergine auburn auction audience audio august aurora author autumn avenue avid avocado award awning axle azalea azure
backpack badge bagel bagpipe balance balcony balloon ballroom balsam bamboo bandana bandstand banister banjo banner bannock banquet
bantam barbecue bargain barista baritone bark barley barnacle barometer baroque barrel barter basalt baseball basil basket bassoon batch
bathrobe batik baton bauble bayleaf bayou beacon beam beanbag beauty beaver become bedrock beehive beeswax beetle beetroot befriend
begin begonia beige believe bellows bench benign beret bergamot beryl bespoke beverage bevy beyond bicycle bilberry billboard billiard
billow binder biology biplane birch birthday biscuit bison bistro blackbird blanket blazer blender bliss bloom blossom blouse bluebell
blueprint boardwalk boathouse bobbin bolero bolster bonfire bonnet bonus bookcase booklet bookmark bookshop boomerang boost bootlace
borage border boreal borrow botanist botany bottle bounce bountiful bouquet bowler bowling bowsprit boxwood bracelet bracken braid
bramble branch brass breadth breakfast breeze brew brick briefcase brigade bright brilliant brim bring brioche brisket broad brocade
broccoli brochure brogue bronze brook broth brownie bubble buckle buddy budget budgie buffet bugle builder bulb bulldozer bulletin
bumblebee bundle bungalow bunting buoyant burger burlap bushel business busy butter button buttress buzzard bygone byway cabin cable
cachet cactus caddy cadence calculate calendar calico calm calypso camel camera camomile campfire campsite campus canal canary candid
candle candour canine canoe canopy cantata canteen canyon capable caper capital caramel caravan caraway carbon cardboard cardigan career
carefree cargo caribou carnival carob carousel carpenter carriage cartoon carve cascade cashew cashmere casserole castanet castle casual
catalogue category catkin catmint cauldron cavalier cavern cedar celebrate celeriac celery cello cement centaur central century ceramic
chaffinch chair chalet chalk chamber chamois champion chance channel chant chaperone chapter charcoal charming chateau chatty cheddar
cheerful cheese cheetah chequer cherish cherry chess chestnut chevron chicory chiffon chimney china chinook chipmunk chirp chive
chocolate choice chorus chowder chrome chronicle chuckle chummy chutney cicada cinema cinnamon cipher circle circuit circus citrus civic
clarinet clarity clasp classic claypot clean clerk clever climate climb clipboard cloak clockwork cloth cloud club cluster coach coaster
cobalt cobble cockatoo cockle cocoa code coffee coin collage collar collect collie cologne colour column combine comet comfort comic
comma common commuter compact company compass compile complete compose concave concert concise condor conduct confetti congress conifer
connect contact context convex convoy cookbook cookie cool cooper copy cordial corduroy coriander cork cormorant corner cornflake
cornice coronet correct corridor cosmos costume cottage cotton country couple coupon courage courier course courtyard cowboy cowrie
cowslip craft cranberry crate crayon cream creative crescent crest cricket crimson crinkle crisp crochet crocus croissant croquet
crossword crouton crown crunch crystal cube cucumber cultivate culture cupboard cupcake curator curious curlew curry curtain cushion
custard cutlery cyclamen cycle cyclist cypress dabble dachshund daffodil dahlia dainty dairy damask dancer dandelion dapple daring
database dawn daybreak daylight daytime dazzle decade decimal deck declare decor dedicate deep deft degree delight delta deluxe denim
denote depth derby design desktop dessert destiny detail detect develop device dewdrop diagonal diagram dialect diamond diary diesel
differ digital dignity diligent dimple dinghy dingle dinner dinosaur diploma direct discus dishcloth display distance ditto divan diver
document doily dolphin domain dome domino donate donor doorbell doorstep dormant dormouse dotted double doughnut dovecote downhill
downtown dozen dragonfly drama drawer dress drift drive drizzle drum dryer duchess duckling duffel duke dulcimer dumpling dungaree
dunnock duplex durable dusk dustpan duvet dwell dynamic dynamo dynasty eager eagle earring earth easel easy eaves ebony echo eclair
eclectic eclipse ecology economy edible edition educate efficient effort eggshell eider eight elaborate elastic elation electric elegant
element elevator eleven elicit elm embark emblem embrace embroider emerald emerge eminent emit employ enable enamel encase enchant
encore encounter endive endorse endow energy engage engine engrave enhance enjoy enlist enough enquire enrich enrol ensemble enter
entire entrance entry envelope epic episode equal equator equinox ermine errand escalator esplanade essay estate esteem estuary ethos
etiquette evening evergreen evident evolve exact example exceed excel excite exhibit exotic expand expert explain explore express extra
fabric facade factory falcon fanfare fantastic farmhouse farmyard fashion favour feather feature february fellow felt fence fennel fern
ferry festival fiddle field fiesta filter final finch firefly fireplace firewood fishpond fjord flagpole flamenco flamingo flannel flask
flax fleece flint float flock floral florist flotilla fluent fluffy flute foam fondue football footpath footstep forest forge formula
fortune forty foundry fountain fourteen fraction fragrant freckle freesia freight fresco fresh friday friend fritter frosty frothy
fuchsia fudge furnish furrow future galaxy gallant gallery gallop gannet garage garden garland garlic garment gateau gateway gather
gazebo gazelle gecko generous gentle genuine geography geology geranium gerbil giant gift ginger gingham giraffe glacier glade gladiolus
glance glass gleam glider glimmer glisten glitter globe glossy glowworm glue gnome goal goldfinch goldfish golf gondola goose gosling
gouda gourd graceful gracious gradual grain granary grand granite grape graphic gravy green greeting griddle griffin grocer groove
grotto grouse guava guide guitar gymnast habitat haddock halcyon halfway hammock hamper hamster handbag happy hardy harmony harp harvest
hatbox haven hawthorn haystack hazel headland hedgehog hedgerow helium helmet helpful heptagon herald herb heritage heron herring
hexagon hibiscus hickory hiking hillside hilltop history hobby hockey holiday holly homework honest honey hoop hopeful horizon hornbeam
hotel hour household hubbub hummus humour hundred hyacinth hydrangea hydrogen iceberg icecream icicle icing ideal idyllic igloo iguana
impala improve indigo indoors industry inkwell inland inlet inspire integer interest interval invent invite iris italic ivory jackdaw
jacket jamboree january jasmine jelly jersey jetty jewel jigsaw jogging journal journey joyful juggle juice july jumper junction june
juniper kaftan kale kangaroo karate kayak keen keepsake kestrel kettle keyboard kilometre kilt kimono kinetic kingdom kiosk kitchen kite
kitten kiwi knapsack knitwear knowledge koala label lacquer ladder ladle ladybird lagoon lake lamb lampshade landing landmark language
lantern laptop larch larkspur lasagne lasso lattice laugh laurel lavender layer leaflet league leisure lemon lemur lentil letter lettuce
level liberty library lifeboat lifeguard lilac lily lime limpet linden linnet linseed liquorice litre lively lobster local locket lodge
lofty logbook logic lollipop lotus lounge lovage lucky luggage luminous lunar lunch lupin luxury lyric macaroni macaw machine mackerel
magazine magenta magic magnet magnolia magpie mahogany mailbag majestic mallard mallet mallow manager mandarin mandolin mango mansion
maple marathon marble margarine marigold marina maritime marjoram market marmalade marmoset marmot maroon marquee marvel marzipan mascot
matinee mattress mauve maximum mayfly maypole meadow mealtime meander measure medley melody melon memento memory menu merchant meringue
merit mermaid message meteor method metre micro midday midnight milestone milk million mimosa mineral minnow mint minute mirror
mistletoe mixture mobile moccasin model modern modest module mohair molecule moment monarch monday monorail monsoon month moonbeam
moonlight moorhen mosaic motif motor mouse movie muffin mulberry mulch multiply mural museum music muslin mutual myriad myrtle mystery
nachos nameplate napkin narrate narrow narwhal nature nautical navigate navy nearby neat nebula nectar neighbour neon network neutral
newspaper nibble nickel nightgown nine noble noodle normal north notebook nougat novel november nugget nuthatch nutmeg nylon oakwood
oasis oatcake oatmeal oboe ocean octagon octave october octopus office often olive omelette omnibus onion online onward opal opera
opinion optic orange orbit orchard orchestra orchid oregano orient origami original ornament osprey ostrich otter outdoors outfit
outlook overcoat owl oxlip oxygen oyster ozone pacific package paddle padlock pageant paint pajama palace palomino pamphlet pancake
panda panel panorama panpipe pantomime paprika papyrus parade parakeet parasol parcel parchment parka parlour parsley parsnip particle
partner partridge party passage passport pasta pastel pastry patchwork patio pattern pavement pavilion paving peaceful peach peacock
peanut pebble pecan pedestal pelican pencil penguin peninsula pennant penny pentagon people percent perform perfume pergola perky
persimmon petal petunia pheasant phoenix phone phosphor photo phrase piano piccolo pickle picnic picture pilchard pilot pimpernel
pinafore pineapple pinecone pink pioneer pipette pirouette pistachio pitcher pixel pizza placard planet plankton planner plate platinum
playful plaza plenty plover plumber plume plywood podium poem poetry polar polite polka polo polygon pomelo pompom pond pontoon popcorn
popular porcelain porch porcupine porridge portable portico portrait positive postage postcard poster potato poultry powder practice
prairie praline prelude premier prepare pretzel primary primrose prism profile program project promenade prompt propeller proper protein
proverb province public pudding pullover pumice pumpkin punctual pupil puppy purple puzzle pyjamas pyramid quadrant quail quaint quality
quantum quarry quarter quaver quiche quick quiet quill quince rabbit raccoon radar radiant radical radio radish radius raffia raffle
ragwort rainbow raincoat rainfall raisin ramp random ranger rapid rapport raspberry rattan ravine ravioli reader ready realm reason
rebound recipe recycle redpoll redshank redstart redwing redwood reef reflect refresh region reindeer relax reliable relish remember
remote renew repair repeat reply resin resonant resort respect reunion rhubarb rhyme rhythm ribbon rice ridge ringlet ripple riverbank
roast robin robot rodeo roller rondo roof rosebud rosemary rosette rosewood rotate rotunda round rowan rowing royal rubber rucksack
rudder rugby rugged rumble runner russet rustic saffron saga sailor salad salmon salsa salt samba samovar sandal sandbank sandpiper
sandstone sandwich sapling sapphire sardine satchel satellite satin saturday saucepan saucer sauna saunter sausage savanna savoury
sawmill saxophone scallop scarf scatter scenic schedule scholar science scone scooter scout scribble script scroll sculptor seabird
seafront seagull seahorse seal seashell seaside seaweed second secretary sedan sedge seedling seesaw segment semaphore seminar sensible
september sequel sequin serenade serene seven shamrock shape shawl sheepdog shelf sherbet shimmer shine shingle shipyard shirt shoelace
shop shower shrub shuffle shutter shuttle signal signpost silver similar sincere siphon sixty skate skein sketch skewer skiff skilful
skipper skittle skylark skyline sleek sleeve smile smooth snail snippet snorkel snowdrop snowfall snowflake snowman snug soap soccer
social sofa solstice solution sonata song soothe soprano sorbet sorrel south souvenir spacious spade spaghetti spaniel sparkle sparrow
spectrum spelling sphere spinach spindle splash splendid sponge sponsor spoon sport spotlight sprinkle sprout spruce squirrel stadium
staircase standard staple starfish starling starlit station statue steady stencil stepping stereo steward sticker stockpot stool storage
stork storybook stove stratus straw stream structure strudel student studio sturdy stylus subtle suburb succeed suede sugar suitcase
sultana summer summit sunbeam sundial sunflower sunglass sunhat sunlight sunny sunrise sunset sunshine superb supper supply support
supreme swan sweater swift switch swivel sycamore syllable symmetry symphony syrup system tabby tableau tadpole taffeta talent tambour
tandem tangelo tangerine tapestry tapioca tarragon tartan tassel tasty taxi teacake teacher teacup teapot technique teddy telegram
telephone telescope temperate tempo tennis tenor terrapin terrier territory textbook textile texture thankful thatch theatre theory
thermal thesis thicket thimble thinker thirteen thistle thousand thread three thrift thrive thrush thursday tiddler tidy tile timber
timetable timpani tinsel tinted tiptoe titanium toboggan together toggle token tolerant tomato tonic topaz topsoil tortoise total toucan
touchdown tourist towel township tractor trade tradition traffic trail tranquil transfer trapeze travel treacle treasure treble treetop
trellis trend triangle tribute trickle tricycle trifle trilogy trinket trio tripod triumph trolley trombone tropical trousers trout
truffle trumpet trundle tuba tubular tuesday tugboat tulip tundra tunnel turbine turbot turmeric turquoise turret turtle tweed twelve
twenty twig twilight twinkle twirl typical typist ukulele umbrella umpire unicorn unicycle uniform unique unison unity universe upbeat
update upgrade uphill uplift upright upstairs upstream upward urban urchin useful usher utensil utmost vacuum valiant valuable vanilla
vapour variety varnish vase vehicle velodrome velour velvet ventilate venture veranda verbena verdant verge vermilion versatile vertical
vest viaduct vibrant victory video vigour village vinegar vintage vinyl viola violet violin viscount visible vision visitor vista visual
vivid voice vole voltage volume volunteer voyage waders wafer wagon wagtail waiter walk wallaby walnut waltz warbler wardrobe wasabi
washable washer waxwing weave weekend weekly welcome western wetland wharf wheat wheel whisk whisper whittle wicker widget wigeon
windmill window windsock winter wisdom wisteria witty wizard woodland woodwork woollen word workshop worthy woven wren yacht yarn
yearbook yoghurt yonder yucca zebra zenith zephyr zigzag zinc zinnia zipper zither zodiac zoology zucchini
`
    .trim()
    .split(/\s+/);
