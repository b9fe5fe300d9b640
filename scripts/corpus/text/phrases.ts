/** Building blocks of sentences, called by name from other templates; [S] is the person whom the clause is about. */
export const PHRASES: Readonly<Record<string, readonly string[]>> = {
  /** Something to hold, with its article. */
  object: [
    'the [look] [thing]',
    'a [look] [thing]',
    '[S.his] [look] [thing]',
    '[S.his] [thing]',
    'the [thing]',
    'a [thing] and a [thing]',
    'the [thing] from [town]',
    "the [trade]'s [thing]",
    "[S.his] [kin]'s [thing]",
    '[number] [look] [things]',
    'a {box|basket|sack|bundle} of [things]',
    'the [thing] with the [look] {handle|lid|edge|mark|string}',
  ],

  /** Something to look at. */
  sight: [
    'a [creature] {on|under|behind|beside} the [fixture]',
    'a [trade] with a [look] [thing]',
    'the [look] [fixture]',
    'two [trades] {quarrelling over|bargaining for|sharing|carrying} a [thing]',
    '[boat] {at anchor|coming in|under sail|low in the water}',
    'the [temper] face of a [trade]',
    'a [plant] {growing|flowering|dying} by the [fixture]',
    'a [look] [garment] {on a nail|over a chair|in the mud|on the line}',
    '[number] [creatures] {in a row|on the roof|in the grass}',
    'the [sound]',
    'a light {in|behind|above} the [fixture]',
    'the {shadow|outline|reflection} of a [fixture]',
  ],

  /** What somebody did, as a predicate in the past. */
  deed: [
    '[handle:past] [object]',
    '[chore:past]',
    '[move:past] to [spot]',
    '[move:past] {past|by|behind|around} the [fixture]',
    '[stay:past] {by|near|beside|under} the [fixture]',
    '[notice:past] [sight]',
    '[handle:past] [object] [manner]',
    '[chore:past] [manner]',
    '[manner] [chore:past]',
    'went on [chore:ing]',
    'stopped [chore:ing]',
    'began to [chore:base]',
    'tried to [handle:base] [object]',
  ],

  /** What somebody was in the middle of. */
  doing: [
    '[chore:ing]',
    '[handle:ing] [object]',
    '[stay:ing] {by|beside|near} the [fixture]',
    '[move:ing] {past|towards|round} the [fixture]',
    '[chore:ing] [manner]',
    '[gaze:ing] [sight]',
  ],

  /** A predicate with had. */
  done: [
    '[handle:pp] [object]',
    '[chore:pp]',
    '[move:pp] to [spot]',
    '[notice:pp] [sight]',
    'worked for a [trade]',
    'lived [at]',
    'come from [town]',
    'promised to [chore:base]',
  ],

  /** What somebody means or ought to do. */
  task: [
    '[chore:base]',
    '[handle:base] [object]',
    '[move:base] to [spot]',
    '[chore:base] and [chore:base]',
    '[gaze:base] [sight]',
    '{visit|write to|pay|thank|question} the [trade]',
  ],

  /** A gesture that goes with speech. */
  gesture: [
    'with {a sigh|a nod|a shrug|a smile|a frown|a yawn|a bow|a laugh|a cough}',
    'without {looking up|turning round|moving|smiling|much hope|a pause}',
    '[chore:ing] all the while',
    'and [handle:past] [object]',
    'in a [temper] voice',
    'with [S.his] [feature] {full of [notion]|turned to the [fixture]}',
    'over the [sound]',
    'from behind the [fixture]',
    '[manner]',
    'and looked {at the floor|at the sky|away|towards the [fixture]}',
    'as [S.he] [chore:past]',
  ],

  /** A piece of the town's wisdom, as a sentence without its stop. */
  saying: [
    '[notion] is a [temper] [trade]',
    '[notion] and [notion] {sleep in one bed|sail in the same boat|eat from one plate|keep no ledger}',
    'a [temper] [trade] needs no [thing]',
    'no [trade] ever {drowned|starved|grew rich|died} of [notion]',
    'where [notion] knocks, [notion] {answers|hides|opens the door|pays}',
    'a [look] [thing] is worth [number] [look] [things]',
    'he who {sells|lends|loses} [notion] must {buy|borrow|beg for} [notion]',
    'better a [look] [thing] today than [number] [things] tomorrow',
    'the [creature] does not {envy|thank|fear|pay} the [creature]',
    'even a [creature] {knows|likes|guards} its own [fixture]',
    'never {trust|lend to|argue with|hurry} a [temper] [trade]',
    '[food] in the {cupboard|pot|basket} is better than [notion] in the heart',
    'every [fixture] has {two sides|its own [creature]|a [look] [thing] under it}',
    'the [temper] [trade] {eats|laughs|wakes|rows} alone',
  ],

  /** A reason, after for or because. */
  reason: [
    '[S.he] had {promised|meant|forgotten} to [task]',
    'the [thing] was [look] and the [thing] was [look]',
    '[weather]',
    'there was nobody {left|else|awake} [at]',
    '[S.his] [kin] had [done@N]',
    '[notion] was {stronger|louder|heavier} than [notion]',
    'the [trade] had asked for [object@N]',
    '[S.he] {could not bear|was tired of|was afraid of|had grown used to} [notion]',
    'a [trade] owed [S.him] [number] shillings',
    '[boat] was {late|expected|overdue|lost|ready to sail}',
    'the [creatures] were {restless|silent|asleep|hungry}',
  ],

  /** What goes between two people and a sum of money. */
  owing: ['owes', 'lent', 'paid', 'promised', 'never paid'],

  /** How to go about a thing. */
  virtue: ['quick', 'careful', 'quiet', 'gentle', 'patient', 'slow', 'honest', 'thrifty'],

  /** A thing wished for or feared, as a clause after that. */
  matter: [
    'the [trade] had [done@N]',
    '[boat] would {come in|sail|sink|be sold} before {Sunday|the frost|the next tide|Friday}',
    '[weather]',
    'there was [food] in the [fixture]',
    'somebody had [done@N]',
    'the [fixture] was {haunted|for sale|unsafe|older than the church}',
    '[notion] had nothing to do with it',
    'a letter had come from [town]',
  ],
};
