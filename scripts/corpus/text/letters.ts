/** First sentences of a letter: the writer is A (I), the receiver R (you). */
export const LETTER_OPENINGS: readonly string[] = [
  '{Your|The} letter of the [day.number] came {with|by|on} [boat], {wet|open|late} but {readable|welcome|whole}.',
  'I {write|am writing} this [at], {on|under|beside} a [look] [fixture], with a {borrowed|bad|new} pen.',
  'You ask {whether|if} [matter]. {It is true|It is not so|Nobody knows|I cannot say}.',
  'Forgive {my silence|the blots|this paper}; [weather], and I had to [task].',
  '{Thank you|A thousand thanks} for the [thing]; it {came|arrived} [look], but I [handle:past] it at once.',
  'By the time you read this I shall be in [town], if [boat] {sails|floats|waits} and [weather.now].',
  'You will {laugh|scold me|not believe it}: I have [done].',
  'There is {little|much|sad|good} news from here. [B.full], [B.role], has [done@B].',
  'I {hope|trust} that you are {well|warm|fed}, and that your [kin] has forgotten the [thing].',
  'It is [number] [span] since I [handle:past] your [thing], and [notion] gives me no peace.',
];

/** What is asked of the receiver. */
export const LETTER_QUESTIONS: readonly string[] = [
  'Do you still [chore:base] in the evenings?',
  'Has your [kin] [done@N]? Has the [fixture] been mended?',
  'Is it true that [matter]?',
  'Please [chore:base] for me, and tell [B] that I have not forgotten the [thing].',
  'If you see [Z], say that [matter].',
  'Could you send me [number] [things] and a little [food]?',
  'I enclose [object]; do not [handle:base] it {before|after|on} Sunday.',
  'Would you rather have the [look] [thing] or the [look] [thing]?',
  'Keep the [thing] {dry|hidden|away from the [creatures]} until I come.',
  'Write soon, and write {about|of} the [creatures], the [trades] and the [food].',
  'Remember that [saying].',
];

/** Last sentences before the signature. */
export const LETTER_ENDINGS: readonly string[] = [
  'The candle is {short|low|nearly out} and [weather.now], so I must {stop|close|end}.',
  'More {tomorrow|on Sunday|when [boat] is in}.',
  'With {love|greetings|a kiss} to the [kin] and the [creature],',
  '{I remain|Believe me|I am}, until we [chore:base] together again,',
  'The post {leaves|goes|sails} in [number] minutes.',
  'Burn this, or {keep|hide} it behind the [fixture].',
  'Do not {worry|wait up|tell the [trade]}.',
];

/** The line above the signature. */
export const SIGNATURES: readonly string[] = [
  'Your {loving|faithful|poor|absent|old|grateful|obedient|tired|true} {friend|neighbour|cousin|servant|pupil|debtor},',
  'Yours {truly|always|faithfully|in haste|as ever|with respect},',
  'Ever yours,',
  'In {friendship|haste|hope|gratitude},',
  'With {love|respect|kind regards|all good wishes},',
];
