/** Entries of the harbour log; [n] and [m] are numbers, [t] a time of day. */
export const LOG_ENTRIES: readonly string[] = [
  'In: [boat] from [town], with [m] {barrels|sacks|casks|crates} of [goods].',
  'Out: [boat] for [town], with [n] {passengers|mules|geese|goats} and [m] {tons|bales|boxes} of [goods].',
  '{High|Low} water, [n] feet. [weather.now].',
  '[boat] {towed in|put back|ran aground}, [n] men {aboard|wet|missing|saved}.',
  '[weather.now]. Lamp to be lit at [dusk].',
  'Paid [n] shillings to the [trade] for [goods].',
  '{Seized|Found|Landed}: [n] {casks|boxes} of [goods] under the [fixture].',
  'Fined a [trade] [n] shillings for [chore:ing] on the pier.',
];

/** Steps of a recipe. */
export const RECIPE_STEPS: readonly string[] = [
  '{Take|Wash|Chop} [n] {onions|turnips|leeks|apples|herrings|pears} and [m] {cloves|raisins|mussels|chestnuts|peas}.',
  '{Boil|Simmer|Stew|Bake} for [m] minutes, {stirring|tasting|whistling} now and then.',
  'Add [n] {spoons|cups|pinches} of {honey|cream|flour|pepper|cider|mustard|salt}, then [food].',
  'Leave to {cool|rest|rise} {on the windowsill|under the stairs|by the hearth|on the doorstep|in the cellar} until [t].',
  'Cover with a [look] {plate|cloth|lid} and keep the [creatures] away.',
  'Serve {hot|cold|at once} with [food] to [n] [temper] [trades].',
  'Strain through a [look] {sieve|stocking|cloth}, and save [n] spoons for the [creature].',
];

/** Entries of the almanac; [dawn] and [dusk] are times of day. */
export const ALMANAC_ENTRIES: readonly string[] = [
  'Sunrise at [dawn]. [weather.now].',
  'Sunset at [dusk]. [weather.now].',
  'A {good|bad} day to [chore:base].',
  'Moon {full|new|in the last quarter|rising late}; [creatures] [temper].',
  'Fair at [town]: [goods], [goods], [m] stalls.',
  'Plant [n] rows of {beans|leeks|onions|cabbages}; [saying].',
  'High water at [t]; low water [n] hours later.',
  '{Frost|Snow|Fog|Ice} at first, then {rain|wind|sunshine|thunder}.',
  'Feast of [n] [things], kept [at].',
];

/** Notices on the door of the customs house; [who] is a full name. */
export const NOTICES: readonly string[] = [
  'LOST, [at], a [look] [thing] with [n] [look] {marks|holes|stripes}. Reward: [n] shillings. Apply to [who].',
  'FOUND, under a [fixture], [n] [things] and a [garment]. The owner may call on [who] before [t].',
  'FOR SALE by [who]: [m] [things], [look] and [look], at [n] pence each. No [trades].',
  'WANTED by [who]: a [temper] [trade], to [chore:base] and [chore:base]. Wages: [m] shillings and [food].',
  'TO LET: [n] rooms above [spot], with a [look] [fixture]. The [creatures] stay. Ask [who].',
  'TAKE NOTICE that [boat] sails for [town] on the {tide|turn} at [t]. Fare: [n] shillings; [creatures] half.',
];
