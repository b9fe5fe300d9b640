import { list } from './list.js';

/** Places of the town, each with the preposition of being there: `on the quay`. */
export const PLACES = list(`
  on the quay, at the mill, in the churchyard, at the ferry steps, by the harbour wall, in the market square, at the inn,
  in the bakery, on the bridge, in the sail loft, at the lighthouse, on the breakwater, in the chandler's shop, at the rope walk,
  in Candle Lane, in Herring Street, on Gallows Hill, in the long meadow, at the customs house, in the schoolroom, by the weir,
  at the post office, in the bell tower, on the shingle beach, in the cooper's yard, at the smithy, by the old well,
  in the orchard, at the toll gate, on the salt marsh, in Needle Court, at the fish market, in the boathouse, under the willows,
  in the physic garden, at the almshouse, by the millrace, on the island, in the watch house, at the crossroads,
  in the weaver's attic, on the south pier, at the brewery, in the goose field, by the lock gates, in the clock room`);

/** Things that the weather does, as whole clauses in the past. */
export const WEATHERS: readonly string[] = [
  'the wind {came|blew|swung} {round|in} from the {north|south|east|west}',
  'a [sky] {fog|mist|haze} [stir:past] {over|across|along} the {harbour|marsh|rooftops|river|meadows}',
  'rain {drummed|pattered|beat|dripped} on the {slates|roofs|shutters|barrels|awnings}',
  'the [sky] {sun|light|moon} [stir:past] {above|behind|beyond} the {masts|hills|chimneys|steeple|mill}',
  'the tide {turned|crept in|ran out|came up fast|stood still|went out}',
  'a [sky] {breeze|gale|draught|squall} {shook|rattled|stirred|tugged at} the {shutters|sails|leaves|signboards|washing}',
  '{frost|snow|ice|dew} lay {thick|thin|white|bright} on the {cobbles|steps|hedges|decks|grass}',
  'the {clouds|waves|shadows|sails} [stir:past] [manner]',
  '{thunder|surf|a cold rain|the evening bell} could be heard {from|beyond|across} the {bay|headland|marsh|river}',
  'the [sky] {sky|air|water} smelled of [smell]',
  'the {river|stream|harbour|sea} was {high|low|brown|calm|rough|smooth} and [sky]',
  'a {ring|band|thread|veil} of {cloud|mist|smoke} hung {over|around|above} the {island|mill|steeple|hill}',
  'the {stars|lamps|windows} {shone|glittered|went out|trembled} one by one',
  'the [sky] {weather|wind|heat|cold} {held|lasted|lingered|kept on} for [number] {days|weeks|nights}',
];

/** The weather of a scene, in the present and without its stop. */
export const WEATHERS_NOW: readonly string[] = [
  'the wind is {in|from|back in} the {north|south|east|west}',
  'it is {raining|snowing|freezing|clearing|getting dark|growing light} {again|at last|already|over the marsh}',
  'the tide is {turning|out|in|high|late}',
  'there is [sky] {fog|mist|light|rain} on the {harbour|river|meadows|hills}',
  'the {gutters|sails|roofs|hedges|ropes} are {dripping|frozen|wet|white with frost}',
  'a [sky] {moon|sun} {hangs|stands|shines} over the {mill|island|masts|steeple}',
  'not a {breath|leaf|sail|soul} is {stirring|moving}',
  'the {air|evening|whole street} smells of [smell]',
];
