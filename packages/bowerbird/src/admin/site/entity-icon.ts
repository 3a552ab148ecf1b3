/** Icons of the sprite for what entities are often called; the first match counts. */
const GUESSES: readonly (readonly [RegExp, string])[] = [
  [/users|members|team|staff/, 'users'],
  [/user|author|person|people|customer|client|contact|employee|member|account|profile/, 'user'],
  [/group|role|permission|policy/, 'shield'],
  [/city|place|location|address|region|store|branch|venue/, 'map'],
  [/country|site|domain|world/, 'globe'],
  [/language|locale|translation/, 'language'],
  [/currency|price|payment|invoice|money|tax|salary/, 'money'],
  [/comment|message|review|feedback|note|chat/, 'comment'],
  [/tag|label|category|topic|brand/, 'tag'],
  [/post|article|page|document|file|report|attachment/, 'file'],
  [/book|course|lesson|manual/, 'book'],
  [/order|cart|purchase|sale/, 'cart'],
  [/product|item|stock|package|asset/, 'box'],
  [/image|photo|picture|media|gallery/, 'image'],
  [/mail|newsletter|subscri/, 'mail'],
  [/event|date|booking|appointment|holiday/, 'calendar'],
  [/company|organi[sz]ation|job|project|department|business/, 'briefcase'],
  [/log|history|audit|revision/, 'history'],
  [/task|todo|step|menu/, 'list'],
  [/link|url|redirect/, 'link'],
  [/token|key|session|secret|credential/, 'key'],
  [/setting|option|config|preference/, 'settings'],
  [/rating|favorite|favourite|star/, 'star'],
  [/stat|metric|chart|score/, 'chart'],
];

/** The icon of an entity by the name of its class; `table` where nothing fits. */
export function iconFor(name: string): string {
  const lower = name.toLowerCase();
  return GUESSES.find(([pattern]) => pattern.test(lower))?.[1] ?? 'table';
}
