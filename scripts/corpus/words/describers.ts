import { list } from './list.js';

/** Adjectives for the look of things. */
export const LOOKS = list(`
  old, new, small, broad, narrow, heavy, light, battered, polished, rusty, painted, broken, mended, borrowed, forgotten,
  empty, crooked, hollow, wooden, copper, silver, leather, tarnished, dusty, muddy, wet, dry, greasy, scratched, folded,
  torn, patched, faded, striped, spotted, plain, handsome, ugly, curious, common, costly, cheap, worthless, precious, sturdy,
  flimsy, clumsy, delicate, enormous, tiny, long, short, thick, thin, round, square, pointed, blunt, sharp, smooth, rough,
  warm, cold, icy, sticky, slippery, brittle, bent, twisted, knotted, tangled, hidden, missing, stolen, familiar, foreign,
  ancient, modern, weathered, whitewashed, blackened, scorched, salted, frayed, dented, cracked, spare, second, last,
  unlucky, favourite, ordinary, remarkable, splendid, shabby, humble, oval, gilded, woollen, oaken, iron, pewter, brass,
  scarlet, crimson, yellow, green, blue, purple, brown, grey, ivory, amber, russet, speckled, orange, excellent, awkward`);

/** Adjectives for the temper of people. */
export const TEMPERS = list(`
  patient, impatient, cheerful, gloomy, honest, crafty, stubborn, gentle, proud, humble, quiet, talkative, careful, careless,
  jealous, generous, thrifty, greedy, timid, bold, weary, lively, polite, rude, solemn, merry, curious, sleepy, hungry,
  thirsty, lonely, restless, grateful, bitter, tender, sensible, foolish, clever, puzzled, anxious, calm, angry, cross,
  doubtful, eager, reluctant, forgetful, suspicious, obliging, absent-minded, kindly`);

/** Adjectives for weather, light and water. */
export const SKIES = list(`
  grey, pale, low, clear, bitter, mild, raw, heavy, thin, golden, sullen, bright, dim, wild, still, salty, damp, frosty,
  stormy, silvery, dull, blustery, drizzling, rosy, cloudless, leaden, sudden, steady, gusty, hazy`);

/** Manner. */
export const MANNERS = list(`
  slowly, quickly, quietly, softly, loudly, gently, firmly, carefully, carelessly, patiently, eagerly, gladly, sadly, wearily,
  cheerfully, gravely, bravely, timidly, proudly, humbly, kindly, roughly, stiffly, calmly, nervously, neatly, clumsily,
  politely, secretly, openly, boldly, thoughtfully, absently, reluctantly, briskly, idly, sternly, bitterly, tenderly,
  solemnly, awkwardly, promptly, silently, steadily, hastily, sleepily, drily, faintly, sharply, warmly, coldly, honestly`);

/** How often, in the middle of a clause. */
export const FREQUENCIES = list(
  `often, never, always, seldom, sometimes, rarely, still, usually, once, hardly ever, generally`,
);

/** Times that open a sentence. */
export const TIMES = list(`
  in the morning, at noon, towards evening, at dusk, before dawn, after supper, late that night, on Monday, on Tuesday,
  on Wednesday, on Thursday, on Friday, on Saturday, on Sunday, in the first week of March, in April, one day in June, at the
  end of August, early in October, on the shortest day of the year, an hour before high water, just after low tide, when
  the bell struck six, when the bell struck nine, about midnight, at cockcrow, that same afternoon, the next day, two days
  later, a week later, on market day, at harvest time, in the middle of the winter, on the eve of the fair, by lamplight,
  at first light, as the shops were closing, during the long frost, after the flood, before the spring tides, at teatime`);

/** Small numbers in words. */
export const NUMBERS = list(`
  two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fifteen, seventeen, twenty, thirty, forty,
  fifty, sixty, a dozen, half a dozen, a hundred`);

/** Units of time, plural. */
export const SPANS = list(
  `minutes, hours, days, nights, weeks, months, winters, summers, years, tides, Sundays, market days`,
);
