import { list } from './list.js';

/** What people do to any small thing: `mend`, `hold held`, `take took taken`, `put put : away`. */
export const HANDLE = list(`
  mend, carry, lift, drop, hide hid hidden, polish, wrap, drag, push : aside, turn : over, shake shook shaken, weigh, measure,
  examine, sell sold, buy bought, borrow, lend lent : out, steal stole stolen, lose lost, find found, break broke broken, clean,
  scrub, rinse, repair, replace, remove, deliver, collect, pick : up, put put : down, put put : away, hold held : up, keep kept,
  leave left : behind, bring brought : home, fetch, bury, throw threw thrown : away, choose chose chosen, forget forgot forgotten,
  admire, inspect, describe, draw drew drawn, varnish, pawn, trade : away, guard, claim, cover, dust, rescue, touch,
  set set : aside, take took taken, take took taken : back, hand : over, give gave given : away, point : at, search : for,
  wait : for, ask : for, pay paid : for, look : at, trip : over, send sent : for`);

/** Work with its own object, for which no other will do. */
export const CHORES = list(`
  trim : the wick, light lit : the stove, split split : kindling, darn : a stocking, tar : a rope, peel : turnips, shell : peas,
  count : the day's coins, sweep swept : the doorstep, bolt : the shutters, wind wound : the clock, sharpen : a knife,
  oil : the hinges, salt : a herring, knead : the dough, stir : the soup, fold : the linen, feed fed : the geese, milk : the goat,
  write wrote written : a letter, read read : the almanac, rule : lines in the ledger, sew sewed sewn : on a button,
  splice : a rope, bail : out the boat, paint : the railings, whitewash : the wall, prune : the roses, dig dug : the garden,
  water : the beans, gather : mussels, set set : the table, pour : the tea, slice : the bread, butter : a crust, tie : a knot,
  scrape : the hull, hang hung : out the washing, chop : onions, bank : the fire, fill : the kettle, empty : the buckets,
  ring rang rung : the bell, lock : the gate, saddle : the pony, load : the cart, stack : the logs, mop : the floor,
  tune : the fiddle, carve : a spoon, cut cut : a pen, seal : an envelope, burn : the letters, lower : the sails, coil : the line,
  hoist : the flag, bait : the hooks, haul : in the nets, check : the moorings, grease : the wheel, grind ground : the barley,
  patch : an elbow, brush : a coat, deal dealt : the cards, sort : the post, weigh : the wool, bottle : the cider`);

/** How people go from place to place. */
export const MOVE = list(`
  walk, hurry, climb, run ran run, wander, limp, stroll, march, creep crept, slip, ride rode ridden, come came come, go went gone,
  stumble, trudge, wade, row, sail, drift, return, stride strode stridden, hobble, skip, dash, plod, saunter, shuffle, tiptoe,
  scramble, race, steal stole stolen, journey, step, set set : out, make made : haste, go went gone : back, slope : off`);

/** How people stay in a place. */
export const STAY = list(`
  sit sat, stand stood, wait, linger, rest, kneel knelt, lie lay lain, shelter, work, sleep slept, stay, loiter, remain, pause,
  sing sang sung, whistle, hum, yawn, shiver, dream, think thought, listen, smoke, knit, pray, laugh, weep wept, grumble`);

/** How words are said; the plainest way is the most common. */
export const SAY = list(`
  say said, say said, say said, say said, whisper, murmur, mutter, cry, call, shout, declare, admit, explain, insist, sigh, grumble, remark,
  announce, confess, suggest, warn, add, observe, complain, begin began begun, protest, venture, laugh, bellow`);

/** How answers are given. */
export const REPLY = list(`
  answer, answer, reply, agree, repeat, return, say said, say said, say said, murmur, mutter, admit, explain, insist, sigh, grumble, confess, protest, concede`);

/** How questions are put. */
export const ASK = list(
  `ask, ask, ask, wonder, inquire, demand, want : to know, begin began begun, put put : in, interrupt`,
);

/** How exclamations are made. */
export const CRY = list(`cry, shout, call, exclaim, gasp, bellow, snap, laugh, protest`);

/** How attention is given; with an object. */
export const NOTICE = list(`
  see saw seen, hear heard, notice, watch, remember, recall, study, follow, ignore, know knew known,
  recognise, miss, pass, meet met, pity, trust, envy, fear, admire, avoid, greet, describe, mention, imitate, love, blame`);

/** How attention lasts; with an object. */
export const GAZE = list(`
  watch, study, ignore, follow, admire, avoid, greet, describe, imitate, sketch, look : at, stare : at, listen : to, frown : at,
  smile : at, point : at, curse, count, discuss, question`);

/** What water, wind and light do. */
export const STIR = list(`
  rise rose risen, fall fell fallen, turn, drift, roll, creep crept, spread spread, thicken, clear, fade, gather, linger,
  settle, slide slid, sweep swept, tremble, whisper, shine shone, glitter, burn, sink sank sunk, swell, break broke broken,
  die, return, come came come, pass, flicker, gleam`);
