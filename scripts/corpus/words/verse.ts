import { list } from './list.js';

/*
 * Words of the verse, by foot. A hyphen parts the syllables (lan-tern), so that lines can be counted; it is not printed.
 * Rhyme words have one stressed syllable, and each can follow "the".
 */

/** Nouns at the end of a line, one class of rhymes a row. */
export const RHYMES: readonly (readonly string[])[] = [
  list('bay, day, hay, clay, way, spray, tray, fray'),
  list('light, night, kite, sight, height, fight, knight, flight'),
  list('shore, door, floor, store, oar, roar, moor'),
  list('tide, side, bride, guide, pride, ride, hide'),
  list('rain, lane, chain, grain, pane, crane, train, plain, cane'),
  list('mill, hill, sill, chill, quill, till, thrill, drill'),
  list('town, gown, crown, clown'),
  list('sail, gale, tale, pail, nail, mail, ale, scale, whale, vale, hail, veil'),
  list('boat, coat, note, throat, goat, moat, float'),
  list('stream, dream, beam, cream, gleam, seam, team'),
  list('wall, hall, shawl, call, squall, ball, fall, stall'),
  list('snow, crow, glow, bow, row, flow, foe'),
  list('bell, shell, well, swell, spell, smell, cell'),
  list('bed, bread, thread, lead, shed, sled, head'),
  list('clock, dock, lock, rock, flock, knock, stock'),
  list('stone, bone, throne, loan, moan'),
  list('sand, hand, land, band, strand, stand'),
  list('line, brine, wine, pine, sign, twine, vine, shine'),
  list('sound, ground, mound, hound, pound'),
  list('sea, tree, key, lee, bee, tea, knee, quay'),
  list('fire, spire, wire, lyre, squire, pyre'),
  list('chair, stair, air, hair, pear, prayer, bear, mare, square'),
  list('string, ring, king, wing, spring, swing, thing'),
  list('moon, spoon, tune, dune, noon, loon'),
  list('room, broom, gloom, loom, bloom, tomb, plume'),
  list('face, place, lace, grace, race, case, chase'),
  list('lark, spark, mark, bark, park, ark'),
  list('keel, wheel, eel, meal, heel, seal, steel'),
  list('book, brook, hook, cook, nook, rook, crook'),
  list('flame, name, game, frame, dame, shame'),
  list('gate, plate, slate, weight, grate, freight, bait, date, mate'),
  list('ship, whip, lip, chip, slip, trip, tip, grip'),
  list('mast, blast, past, cast'),
  list('crew, dew, view, blue, brew, yew, shoe, queue'),
  list('sheep, heap, sleep, sweep, keep'),
  list('sky, cry, sigh, pie, lie, eye, rye'),
  list('bird, word, third, herd'),
];

/** Lists that the patterns of the lines call by name. */
export const VERSE_WORDS: Readonly<Record<string, readonly string[]>> = {
  /** Who or what does something: two syllables, the first stressed. */
  doer: list(`
    lan-tern, fer-ry, kee-per, pi-lot, mil-ler, sail-or, coo-per, fid-dler, wi-dow, shep-herd, ba-ker, tai-lor, weav-er,
    tin-ker, car-ter, beg-gar, cap-tain, draw-bridge, ket-tle, can-dle, ri-ver, har-bour, win-ter, north-wind, mid-night, morn-ing,
    e-vening, spar-row, her-on, swal-low, ra-ven, kit-ten, don-key, rob-in, thun-der, mar-ket, stee-ple, or-chard, mea-dow,
    ci-der, an-chor, com-pass, shut-ter, chim-ney, cra-dle, moth-er, fa-ther, sis-ter, broth-er, daugh-ter, neigh-bour,
    stran-ger, let-ter, win-dow, sum-mer, au-tumn, shad-ow, spi-der, beet-le, cric-ket, lob-ster, her-ring, bar-rel, bas-ket,
    thim-ble, nee-dle, spin-dle, cof-fin, bon-fire, snow-fall, mill-stone, rain-drop`),
  /** More than one of them. */
  doers: list(`
    neigh-bours, chil-dren, sail-ors, spar-rows, win-dows, chim-neys, lan-terns, bar-rels, shut-ters, ket-tles, wi-dows, shad-ows,
    cric-kets, swal-lows, her-rings, can-dles, bea-cons, fid-dlers, daugh-ters, broth-ers, oar-locks, but-tons, peb-bles,
    roost-ers, don-keys, ri-vers, mea-dows, ra-vens, kit-tens, rob-ins, weav-ers, pi-lots`),
  /** Names with the stress on the first of two syllables. */
  name: list(`
    Or-rin, Dun-stan, Wil-mot, An-sel, Gar-rick, Lu-can, Per-rin, Ed-ric, Kes-ter, Hes-per, Tam-sin, Cor-ra, Ve-ra, U-na, Ag-nes,
    Quil-lan`),
  /** Two syllables before a noun, the first stressed. */
  trait: list(`
    win-ter, sil-ver, bro-ken, hol-low, yel-low, crim-son, scar-let, wood-en, i-ron, cop-per, gold-en, fro-zen, bit-ter, ten-der,
    gen-tle, hum-ble, wea-ry, lone-ly, hun-gry, qui-et, si-lent, e-vening, mid-night, moon-lit, wind-y, rain-y, fog-gy, mos-sy,
    rus-ty, dus-ty, emp-ty, hid-den, stol-en, cur-ious, crook-ed, nar-row, shal-low, an-cient, dis-tant, pa-tient, mer-ry, sleep-y,
    har-bour, mar-ket, ri-ver, o-cean, no-ble, sim-ple, com-mon, fee-ble, faith-ful, wil-ful, rag-ged, pain-ted, salt-ed, burn-ing`),
  /** One syllable before a noun. */
  tint: list(`
    old, cold, grey, green, black, white, red, blue, brown, pale, dim, bright, dark, soft, loud, proud, brave, poor, rich, wet, dry,
    steep, deep, low, high, long, short, warm, wild, mild, lean, plain, sweet, sour, salt, slow, quick, still, small, broad`),
  /** Stuff without an article, or more than one of a thing, in one syllable. */
  stuff: list(`
    bread, salt, rope, tar, silk, wool, smoke, ash, song, frost, mist, rust, milk, cheese, jam, moss, straw, string, cloth,
    lace, wax, ink, glass, brick, lead, tin, gold, hope, grief, luck, sleep, love, debt, bone, mud, wind, foam, dust, wheat, flint,
    rain, snow, ice, fire, light, sand, stone, wood, ale, wine, tea, fish, peace, faith, time`),
  /** What was done, without an object, one syllable. */
  did: list(`
    sang, slept, crept, rose, fell, swam, ran, stood, lay, leaned, turned, danced, wept, laughed, burned, froze, shone, swung, sailed,
    rowed, rode, walked, limped, knelt, climbed, passed, called, cried, sighed, hummed, knocked, rang, dreamed, grew, died, drowned,
    woke, paused, strayed, drove, spun, drew`),
  /** What was done to something, one syllable. */
  took: list(`
    took, sold, bought, found, lost, left, kept, stole, mourned, praised, feared, blessed, cursed, saw, heard, watched, crossed, held,
    shook, broke, hid, filled, shut, struck, passed, loved, scorned, sought, met, shared, reached, drew, carved, blamed, paid, called`),
  /** What to do to something, one syllable. */
  take: list(`
    take, sell, buy, find, lose, leave, keep, steal, mourn, praise, fear, bless, curse, see, hear, watch, cross, hold, shake, break,
    hide, fill, shut, strike, pass, love, scorn, seek, meet, share, reach, draw, carve, blame, pay, call, mend, light`),
  /** Where, two syllables with the stress on the second. */
  where: list(`
    be-side, be-neath, be-hind, be-yond, a-bove, a-long, a-cross, a-round, be-fore, up-on, a-gainst, be-low, with-out, with-in,
    to-wards, in-side, out-side`),
  /** How, two syllables with the stress on the second. */
  how: list(`
    a-lone, a-sleep, at noon, at dawn, at last, at night, in vain, in rags, in haste, in black, too soon, too late, once more, for gold,
    for bread, by night, on foot, with care, with pride, in rain, in tears, a-fraid, a-far, a-way, un-seen, un-paid`),
};

/** Lines of eight syllables that begin a thought; [R] is the rhyme word, [hero] the doer of the title. */
export const LONG_LINES: readonly string[] = [
  'the [doer] [did] [where] the [R]',
  'the [doer] [took] the [trait] [R]',
  'and all the [doers] [took] the [R]',
  'I saw a [doer] by the [R]',
  'I heard the [doer] in the [R]',
  'O [hero], bring the [trait] [R]',
  'the [hero] could not [take] the [R]',
  'then [name] went to [take] the [R]',
  'and [name] [did] [where] the [R]',
  'who left the [doer] by the [R]',
  'who [took] the [hero], who the [R]',
  'there was a [hero] with a [R]',
  'there came a [tint] and [trait] [R]',
  'they [took] the [stuff], they [took] the [R]',
  'not all the [stuff] [where] the [R]',
  'one [doer] [did], one [took] the [R]',
  'so [tint] the [doer], [tint] the [R]',
  'oh, [take] the [doer], [take] the [R]',
  'when [doers] [did] [where] the [R]',
  'if you should [take] the [trait] [R]',
  'they say the [hero] [took] the [R]',
  '[how] the [hero] [took] the [R]',
  'the [stuff] was [tint], and [tint] the [R]',
  'it was a [trait], [trait] [R]',
  'no [doer] ev-er [took] the [R]',
  'the [hero] knows the [trait] [R]',
  'my [hero] [did] [where] the [R]',
  'but still the [hero] [took] the [R]',
  'no [stuff] will buy the [trait] [R]',
];

/** Lines of six syllables that go on with the thought. */
export const SHORT_LINES: readonly string[] = [
  '[where] the [trait] [R]',
  'and [did] [where] the [R]',
  'with [stuff], and with the [R]',
  'and nev-er [took] the [R]',
  'no hand to [take] the [R]',
  'as [tint] as an-y [R]',
  'for [stuff], and for the [R]',
  'the [trait], [trait] [R]',
  'a [doer] and a [R]',
  'and [took] the [trait] [R]',
  'and so we [took] the [R]',
  'but none would [take] the [R]',
  'to [take] the [trait] [R]',
  'with [stuff] up-on the [R]',
  'and left [how] the [R]',
  'too [tint] to [take] the [R]',
  'all [tint] [where] the [R]',
  'where [doers] [took] the [R]',
];
