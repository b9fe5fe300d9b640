import { list } from './list.js';

/** Things that a hand can hold; `knife/knives` gives an irregular plural. */
export const THINGS = list(`
  lantern, kettle, ledger, basket, hammer, candle, thimble, needle, ladle, bucket, barrel, rope, net, oar, anchor, hook,
  compass, key, padlock, letter, parcel, ribbon, button, coin, purse, spoon, fork, knife/knives, plate, bowl, jug, cup,
  bottle, jar, pitcher, tray, box/boxes, chest, trunk, sack, bundle, blanket, pillow, quilt, mirror, comb, brush, broom,
  mop, shovel, spade, rake, sickle, chisel, saw, plank, nail, hinge, latch, chain, pulley, spindle, bobbin, shuttle, loom,
  fiddle, whistle, drum, bell, clock, watch, hourglass, almanac, map, chart, book, page, quill, inkwell, slate, stamp,
  seal, ring, brooch, locket, feather, shell, pebble, bone, stone, walnut, apple, pear, onion, turnip, loaf/loaves, pie,
  cake, biscuit, cheese, herring, ham, egg, pipe, pouch, cane, umbrella, glove, boot, bonnet, scarf/scarves, apron, cloak,
  handkerchief, stocking, buckle, saddle, bridle, lamp, wick, tinderbox, bellows/bellows, poker, skillet, sieve, funnel,
  spyglass, whetstone, crate, hamper, ladder, paddle, tiller, pennant, banner, puppet, kite, marble, medal, ticket,
  receipt, poster, portrait, snuffbox, teapot, saucer, candlestick, keepsake, hatchet, cudgel, wheelbarrow, birdcage`);

/** Parts of the town that stay where they are. */
export const FIXTURES = list(`
  chimney, gate, doorway, staircase, window, shutter, roof, gutter, wall, fence, hedge, bridge, arch, tower, steeple,
  weathercock, signboard, pump, well, trough, bench, counter, shelf/shelves, cupboard, hearth, oven, furnace, mantel, beam,
  rafter, attic, cellar, pantry, parlour, corridor, balcony, porch, courtyard, stable, kennel, orchard, meadow, ditch,
  millrace, millstone, waterwheel, jetty, mooring, buoy, breakwater, slipway, capstan, crane, lamppost, milestone,
  signpost, crossroads/crossroads, cobblestone, archway, turnstile, belfry, sundial, fountain, haystack, beehive, dovecot,
  woodpile, scaffold, drainpipe, doorstep, threshold, keyhole, windowsill, fireplace, wardrobe`);

/** Birds, beasts and fish. */
export const CREATURES = list(`
  gull, heron, cormorant, crow, magpie, sparrow, swallow, owl, robin, starling, thrush/thrushes, goose/geese, duck, swan,
  hen, rooster, pigeon, bat, moth, beetle, spider, cricket, bee, wasp, toad, frog, newt, snail, mouse/mice, rat, weasel,
  otter, badger, hedgehog, fox, hare, rabbit, squirrel, cat, kitten, hound, puppy, mule, donkey, pony, goat, lamb, calf/calves,
  pig, seal, porpoise, crab, lobster, eel, trout/trout, pike/pike, mackerel/mackerel, curlew, plover, kingfisher, raven`);

/** People by their trade. */
export const TRADES = list(`
  cooper, chandler, carter, tinker, tailor, cobbler, hatter, glover, baker, brewer, butcher, grocer, miller, mason, thatcher,
  glazier, joiner, wheelwright, blacksmith, locksmith, saddler, tanner, dyer, weaver, spinner, potter, printer, bookbinder,
  clerk, lawyer, notary, magistrate, constable, sexton, deacon, curate, schoolmaster, surgeon, apothecary,
   shepherd, drover, gardener, beekeeper, fowler, poacher, smuggler, sailor, bosun, stoker, pilot, fisherman/fishermen,
  ferryman/ferrymen, lodger, beggar, pedlar, juggler, fiddler, piper, actor, painter, surveyor, stranger, orphan, widower`);

/** Kin. */
export const KIN = list(`
  sister, brother, uncle, aunt, cousin, nephew, niece, grandmother, grandfather, godmother, father, mother, daughter, son,
  stepson, godfather, great-aunt, sister-in-law/sisters-in-law`);

/** What cannot be held or counted. */
export const NOTIONS = list(`
  patience, envy, courage, pride, sorrow, mischief, kindness, gossip, silence, hunger, laughter, luck, trouble, thunder,
  friendship, honesty, thrift, grief, boredom, comfort, mercy, justice, debt, memory, weariness, hope, wonder, duty, folly,
  wisdom, cunning, longing, idleness, regret, freedom, jealousy, charity, modesty, curiosity, prudence, loneliness, vanity,
  ambition, forgiveness, gratitude, fear, rumour, anger, habit, sleep, music, winter, fortune, malice, candour`);

/** Food and drink, without an article. */
export const FOODS = list(`
  bread, butter, honey, barley soup, smoked eel, salt pork, pickled cabbage, plum jam, apple cider, black tea, warm milk,
  pea soup, onion tart, chestnut mash, gingerbread, oat porridge, mutton stew, fried herring, cold ham, blackberry wine,
  mustard, dumpling soup, crab broth, rye bread, seed cake, pear sauce, goose fat, elderflower syrup, egg custard, toasted
  cheese, marrow pudding, nettle beer, rice pudding, plum duff, leek pie, raisin cake, almond paste, turnip mash, fresh cream,
  peppermint, treacle, parsley sauce, mushroom gravy, lentil broth, ginger ale, buttermilk, veal pie, kipper paste`);

/** Stuff that things are made of or goods that are sold by weight and measure. */
export const GOODS = list(`
  tar, salt, flour, wool, linen, canvas, rope, tallow, lamp oil, coal, timber, oak planks, copper nails, beeswax, barley,
  oats, hops, wheat, pepper, cloves, sugar, tobacco, vinegar, soap, candles, paper, ink, glass, slate, bricks, lime, hides,
  leather, feathers, herring, oysters, cider, brandy, molasses, cheese, twine, thread, chalk, iron, tin, lead, cork, straw`);

/** Clothes. */
export const GARMENTS = list(`
  coat, jacket, waistcoat, shawl, cap, hat, hood, collar, sleeve, cuff, skirt, petticoat, shirt, gown, jersey, mitten, sash,
  belt, neckerchief, oilskin, nightcap, overcoat, pocket, hem, lining`);

/** What one may smell; with "of". */
export const SMELLS = list(`
  tar, wet wool, woodsmoke, fresh bread, old paper, seaweed, lamp oil, cut hay, rain, cloves, leather, burnt sugar, paint,
  apples, sawdust, candle wax, fish scales, hot iron, lavender, peat, damp stone, roasting coffee, varnish, mint, mud, hops`);

/** What one may hear; after "the". */
export const SOUNDS = list(`
  creak of a hinge, slap of the water, ringing of an anvil, cry of a gull, scrape of a chair, murmur of voices, rattle of
  chains, clatter of hooves, ticking of a clock, drip from the gutter, hum of the bees, thud of a door, splash of oars,
  barking of a dog, rustle of skirts, hiss of the kettle, groan of the waterwheel, tap of a cane, whine of the wind,
  chime of the quarter bell, crackle of the fire, squeak of a pulley, laughter of children, snore of the watchman`);

/** Plants. */
export const PLANTS = list(`
  rose, thistle, nettle, bramble, foxglove, primrose, violet, daisy, poppy, larch, fern, willow, alder, hawthorn, elder, birch,
  rowan, holly, yew, elm, chestnut, apple tree, plum tree, marigold, lilac, juniper, currant bush, bluebell, dandelion, buttercup`);

/** Boats of the harbour. */
export const BOATS = list(`
  the Grey Widow, the Patient Anne, the Kittiwake, the Second Chance, the Morning Debt, the Queen of Herrings, the Old Promise,
  the Zephyr, the Iron Duckling, the Lucky Button, the Two Sisters, the Violet, the Harbour Mouse, the Northern Lamp,
  the Jolly Cooper, the Excellent, the Prudence, the Wandering Goose, the Silver Eel, the Unlikely`);

/** Towns and islands that one can sail or walk to. */
export const FAR_TOWNS = list(`
  Veldry, Marrowby, Quenhithe, Oster Sound, Port Lanning, Hathersea, Zimber Point, Upper Tolling, Brack Island, Wexcombe,
  Ister, Cold Yelling, Dunmarrow, Pennaby, Saltgrave, Long Ebb, Kelder, Fairlow, Ravensey, Little Jutting, Nine Wells, Gullmere`);

/** Parts of the body that show a feeling. */
export const FEATURES = list(
  `eyes, hands, shoulders, lips, eyebrows, cheeks, fingers, knees, teeth, boots, pockets, thoughts`,
);
