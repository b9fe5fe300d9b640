/**
 * Sentences of the prose pieces, by their part in a story. A is the hero, B the other one, Z somebody absent;
 * [O] is the thing that the story turns on and [place] where it happens.
 */

/** Sets the hero, the place and the hour. */
export const OPENINGS: readonly string[] = [
  '[time], [A.full], [A.role], [move:past] to [spot] with [O.some].',
  '[A.full] {was|had been} [doing] [place] when [weather].',
  '[time] [weather], and [A] [stay:past] [place] longer than {usual|was wise|anyone expected}.',
  '{It was|That was} the [sky] {season|month|week} in which [A.full] [handle:past] [O.a], and {nobody|hardly anyone} [place#p] {spoke|talked|heard} of anything else.',
  '{Everybody|Half the town|The whole street} knew [A.full], [A.role], but {few|only a [trade]} knew why [A.he] kept [O.a] {under the [fixture]|in the [fixture]|beside the [fixture]}.',
  'There was {a rumour|a saying|some talk} [place] that [A.full] had [handle:pp] [O.a].',
  '[A.full] had been [A.role] for [number] years, and in all that time [A.he] had {never|not once|seldom} {[chore:pp]|[handle:pp] [object]}.',
  'When [A] {woke|came down|opened the shutters}, [weather], and [O.the] was gone.',
  '[time] a [temper] [trade] {knocked|called|stopped} at the house of [A.full] and {asked for|offered [A.him]|left behind} [O.a].',
  'No one {remembers|can say|ever asked} why [A.full] [move:past] to [spot] [time].',
  '"[saying]," [A.full] used to say, and that {winter|year|week|spring|autumn} [A.he] found out that it was {true|false|only half true}.',
  'Between the [fixture] and the [fixture], [at], {stood|was|hung} [O.a] that belonged to [A.full].',
  '[weather], so [A.full] [deed] and [deed].',
  '[A] was a [temper] [A.man], {but|and} [time] [A.he] did a [temper] thing: [A.he] [handle:past] [O.a].',
];

/** Weather and place. */
export const SETTINGS: readonly string[] = [
  '[weather], and [weather].',
  '[weather]; {somewhere|far off|close by|overhead} a [creature] {called|cried|woke|stirred|complained}.',
  'All {night|day|evening|week} [weather].',
  'Nothing moved [place] except a [creature] and the {shadow|edge|reflection} of a [look] [thing].',
  'The air {was full of|smelled of|tasted of|carried} [smell] and [smell].',
  'The [sound] {mixed with|gave way to|drowned|followed} the [sound].',
  'Behind the [fixture] {stood|lay|leaned} a [look] [fixture], and beyond that {nothing but|only} the [sky] {sea|sky|marsh|road}.',
  'The [fixture] was [look], the [fixture] was [look], and even the [creatures] {seemed|looked|sounded} [temper].',
  'From [spot] one could see {the masts of [boat]|the [fixture]|the smoke of the [trade]|the road to [town]}, if [weather].',
  '[boat] {lay|rocked|waited|was moored} {at the steps|by the pier|in the roads}, loaded with [goods] and [goods].',
  'It was {cold|wet|dark|windy|foggy|hot} outside, but {indoors|in the kitchen|by the fire} there was [food] and [food].',
  '[number] [creatures] {sat|waited|quarrelled|slept} {on|under|along} the [fixture], as if [notion] were their trade.',
  'A [plant] {leaned over|grew through|had overgrown} the [fixture], and its leaves {shook|dripped|rustled} whenever [weather].',
];

/** What the hero does next. */
export const ACTIONS: readonly string[] = [
  '[A.He] [deed] and [deed].',
  '[A.He] [chore:past], and then [A.he] [deed].',
  '{First|Then|Presently|At last|Afterwards|In the end} [A.he] [deed].',
  '[manner] [A.he] {[chore:past]|[handle:past] [object]|[move:past] to [spot]}, {because|for|since} [reason].',
  '[A] [chore:past] and [chore:past], [gaze:ing] [sight].',
  'Having [done], [A.he] [deed].',
  'Instead of [doing], [A.he] [deed].',
  'While [weather], [A] [deed].',
  '[A.He] had {no|little} time for [notion]: there was [O.the] to {think of|look after|carry home|hide}.',
  '[A.He] laid [O.the] on the [fixture] and [deed].',
  'With [O.the] under [A.his] arm [A.he] [move:past] {past|round|towards} the [fixture].',
  'Twice [A.he] [notice:past] [sight], and twice [A.he] {said|did|thought} nothing.',
  '[A.He] wanted to [task], but [reason].',
  'Before [A.he] could [task], [weather].',
  '[A.He] did not [task]; [A.he] [deed] instead.',
  'If [A.he] {felt|knew|feared} any [notion], [A.he] {hid it [manner]|did not show it|kept it to [A.himself]}.',
  'It took [A.him] [number] [span] to [task].',
  'After [number] [span] [A.he] still had [O.the], though it was now [look] and rather {wet|bent|heavy|dirty|dear to [A.him]}.',
  'Neither the [trade] nor the [trade] [notice:past] [A.him], although [A.he] was [doing].',
  'Only when [weather] did [A.he] [task].',
  'First came [sight], then [sight]; [A] [notice:past] both.',
  '[A.He] looked {up|down|round} and [notice:past] [sight].',
  'So [A.he] [deed], as {any|a [temper]|every} [trade] would.',
  'The [trade] gave [A.him] [food], and [A.he] {ate|shared|saved} it [manner].',
  '[A.His] [garment] was {wet|torn|patched|muddy|too short|borrowed} and [A.his] [garment] was {dusty|threadbare|too long|stained|frozen}, but [A.he] {never|seldom|rarely|hardly ever} {complained|noticed|cared}.',
  'One after another [A.he] [handle:past] [number] [things]: the [look], the [look] and the [look].',
  'It was not easy to [task]; it was harder still to [task].',
  'Someone had [done@N] in the night, and the [fixture] was {covered with [goods]|wide open|full of [creatures]}.',
  'The more [A.he] thought about [notion], the less [A.he] {cared for|trusted|missed} [notion].',
  '"[saying]," [A.he] told the [creature#c], and the [#c] {nodded|yawned|flew off|said nothing}.',
  'Here [A.he] stopped, {put down|took up|looked for} [object], and [chore:past] as though nothing had happened.',
  'Two [trades] {passed|went by|came out}; one was [doing@N] and the other, who had [done@N], [stay:past] behind.',
  'Sooner or later somebody would [task@N], so [A.he] [handle:past] [object] while there was {light|time|room}.',
  'By now the [fixture] {smelled|reeked} of [smell], and [A] [deed].',
  'How [temper] the [trade] {looked|sounded|was}! [A.He] {smiled|sighed|waved} and [chore:past].',
  '[A.He] counted the [things] again; there were [number], not [number].',
];

/** What was before, with had. */
export const MEMORIES: readonly string[] = [
  '{Years|Long|Some weeks|Not long} before, [A.he] had [done], and [notion] had {followed [A.him]|stayed with [A.him]|cost [A.him] dear}.',
  '[A.He] remembered [town], where [A.his] [kin] had {known|served|married|robbed} a [trade] and had [done@N].',
  'As a child [A.he] had {believed|been told|hoped} that [matter].',
  '[A.His] [kin] had {left|given|sold} [A.him] [O.the] {before|on the day} [boat] sailed.',
  'In [town], they said, a [trade] had once [handle:pp] [object@N] out of [notion].',
  '[A.He] had {never|always} {liked|trusted|understood} [creatures], ever since a [creature] had {stolen|broken|carried off|brought home|hidden|sat on} [A.his] [thing].',
  '"[saying]," [A.his] [kin] had {told|warned} [A.him], and [A.he] had [often] {forgotten|doubted} it.',
  'It was said that [Z.full] had [done] with the same [O].',
  '[Z], [Z.role], had [done@Z] {that very week|the year before|without asking}, and [A] had not {forgiven|forgotten} it.',
];

/** The other one comes in. */
export const MEETINGS: readonly string[] = [
  '{There|Then|Just then|By the [fixture]} [A.he] met [B.full], [B.role], who was [doing@B].',
  '[B.full], [B.role], came {round|past|out from behind} the [fixture], [doing@B].',
  '[B.full] was there already, [doing@B], and [B.he] {called|shouted|murmured|muttered} a greeting [manner].',
  '{Nobody|No one} was about but [B.full], who had [done@B] and {looked|seemed|felt} [temper].',
  'At the [fixture] stood [B.full], as [temper] as a [creature].',
  'A door opened, and [B.full], [B.role], [move:past] {in|out|across the [fixture]} with [object@B].',
  'It was [B.full] who {spoke first|broke the silence|stopped [A.him]|held the [thing]}.',
];

/** Speech with its tag; [line.] is a finished utterance [line,] the same with a comma for its last stop, and [tag]
 * a verb of speech that suits its mark. */
export const SPOKEN_FIRST: readonly string[] = [
  '"[line,]" [tag] [B].',
  '"[line,]" [B.he] [tag] [gesture@B].',
  '[B] [deed@B]. "[line.]"',
  '[B] [tag] {with a [temper] look|without looking up|in a [temper] voice|[manner]|at last|over the [sound]}: "[line.]"',
  '"[line,]" [tag] [B.role], [gesture@B].',
];

/** The answer of the hero. */
export const SPOKEN_REPLY: readonly string[] = [
  '"[line,]" [A] [tag].',
  '"[line,]" [tag] [A], [gesture].',
  '[A.He] [deed]. "[line.]"',
  '"[line.]" [A.He] [deed].',
  '[A] {thought|waited|hesitated} {a moment|a while}. "[line.]"',
  '"[line,]" was all that [A.he] {said|had to say|would say|could think of}.',
  '[A] shook [A.his] head. "[line.]"',
  '"[line,]" [A.he] [tag], [doing].',
];

/** Thoughts on the matter. */
export const REFLECTIONS: readonly string[] = [
  '[A] {knew|thought|suspected|hoped|feared} that [matter].',
  'Perhaps [matter]; perhaps [matter].',
  '[A.He] thought of [notion] and of [notion], and of the [look] [thing] {in|under|behind} the [fixture].',
  'Was it [notion], or was it only [notion]? [A] could not {say|tell|decide}.',
  '{After all|Still|And yet|Even so}, [saying].',
  'It is {easy|hard|useless|dangerous} to [chore:base] when [notion] {sits|waits|stands} at the [fixture].',
  'A [trade] would have {laughed|wept|gone home|asked for more}, but [A] was no [trade].',
  '[B] {believed|was sure|had always said} that [matter], but [A] had [A.his] doubts.',
  'There are [trades] who live by [notion], and there are [trades] who live by [food]; [A] was of the {first|second} kind.',
  'What [A.he] felt was not [notion], nor quite [notion], but something as [look] as a [thing].',
  '[A.He] would rather [chore:base] than [chore:base], and rather [chore:base] than {listen to|answer|offend} a [temper] [trade].',
];

/** The end of the piece. */
export const ENDINGS: readonly string[] = [
  'That night [O.the] {stood|lay|was back} {on|by|behind} the [fixture], and [weather].',
  'From that day on [A] [often] [handle:past] a [thing] without [doing].',
  '[B] kept [O.the], [A] kept [A.his] [notion], and {both|neither} {slept well|grew rich|complained}.',
  'When [boat] sailed, [O.the] was {aboard|left on the quay|at the bottom of a barrel of [goods]}.',
  'Nobody ever [notice:past] [O.the] again, though [number] [trades] {looked for it|told of it|claimed it}.',
  'So [A] went home, [chore:past] and {slept|ate [food]|dreamed of [town]}.',
  'They say that [O.the] is still [at], {between|behind} two [things], waiting for a [temper] [trade].',
  'And if [A.he] has not [done], [A.he] is [doing] [place] to this day.',
  'The [thing] was mended, the [trade] was paid, and [weather].',
  '[A] {said|called|whispered|wished [B.him]} good night, and [B] [move:past] home {by|past} the [fixture].',
];
