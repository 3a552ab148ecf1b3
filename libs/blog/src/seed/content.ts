import { PostStatus } from '../post-status.js';

/** A post with the names of its author and tags. */
export interface SeedPost {
  readonly title: string;
  readonly author: string;
  readonly tags: readonly string[];
  readonly status: PostStatus;
  /** Days before the day of seeding on which it was published; ignored for drafts. */
  readonly age: number;
  readonly featured?: boolean;
  readonly summary: string;
  readonly body: string;
  readonly comments: readonly (readonly [name: string, body: string, approved: boolean])[];
}

export const AUTHORS = [
  ['Amara Okafor', 'Writes about maps, borders and the people who live along them.'],
  ['Jonas Lindqvist', 'Cartographer. Spends his winters digitizing old sea charts.'],
  ['Mei-Ling Tan', 'Data journalist with a soft spot for census tables.'],
  ['Rosa Ferreira', 'Travels by train and never takes the fast one.'],
  ['Tomás Vega', 'Teaches geography to fourteen-year-olds, who teach him the rest.'],
] as const;

export const TAGS = [
  ['Cities', '#0f766e'],
  ['Borders', '#b45309'],
  ['Maps', '#4338ca'],
  ['Languages', '#be185d'],
  ['Trains', '#15803d'],
  ['Data', '#1d4ed8'],
] as const;

const { Archived, Draft, Published, Review } = PostStatus;

export const POSTS: readonly SeedPost[] = [
  {
    title: 'Why capital cities move',
    author: 'Amara Okafor',
    tags: ['Cities', 'Borders'],
    status: Published,
    age: 3,
    featured: true,
    summary:
      'Brasília, Abuja and Nusantara were all drawn on paper first. What a country hopes for when it starts again.',
    body: 'A capital is rarely in the middle of anything. It sits where a king had his palace, where ships could land, or where nobody else wanted to live.\n\n## Three reasons\n\nThe first is *balance*: a country with one crowded coast wants people to look inland. The second is *neutrality*: when two cities quarrel, a third one wins. The third is *water*, too much of it or too little.',
    comments: [
      ['Helen', 'Naypyidaw deserves a chapter of its own.', true],
      ['Ravi', 'Canberra is the best example of your second reason.', true],
      ['cheap-links', 'Buy followers today!!!', false],
    ],
  },
  {
    title: 'The shortest border in the world',
    author: 'Jonas Lindqvist',
    tags: ['Borders', 'Maps'],
    status: Published,
    age: 9,
    summary: 'Eighty-five meters of sand, a rope and a guard: how a storm made a border.',
    body: 'Until 1934 the rock was an island. Then a storm moved the sand, and a piece of Spain became part of the African mainland. Maps took decades to notice.',
    comments: [['Ines', 'I have stood there. The rope is real.', true]],
  },
  {
    title: 'Counting people is harder than it looks',
    author: 'Mei-Ling Tan',
    tags: ['Data', 'Cities'],
    status: Published,
    age: 16,
    featured: true,
    summary: 'Is Tokyo a city of 9 or of 37 million? Both, and the difference is a line on a map.',
    body: 'Every ranking of the largest cities is a ranking of definitions. Draw the line around the old walls and a city is small; draw it around the commuter trains and it swallows its neighbors.',
    comments: [
      ['Okan', 'Istanbul has the same problem on two continents.', true],
      ['Petra', 'Could you publish the table behind the chart?', true],
      ['Lee', 'Very clear, thank you.', true],
    ],
  },
  {
    title: 'Slow trains across the Alps',
    author: 'Rosa Ferreira',
    tags: ['Trains'],
    status: Published,
    age: 24,
    summary:
      'The tunnel takes twenty minutes. The old line takes two hours, and shows you the same church three times.',
    body: 'Sit on the right-hand side going south. The line climbs in spirals, and the little church of Wassen appears above you, beside you and below you.',
    comments: [['Marco', 'The view from the left is not bad either.', true]],
  },
  {
    title: 'Four languages on one banknote',
    author: 'Amara Okafor',
    tags: ['Languages'],
    status: Published,
    age: 38,
    summary: 'What a country prints on its money says who it thinks is reading.',
    body: 'Switzerland fits four languages on a note by using as few words as possible. India prints seventeen, and finds room for all of them in one column.',
    comments: [],
  },
  {
    title: 'How to fold a map',
    author: 'Tomás Vega',
    tags: ['Maps'],
    status: Published,
    age: 52,
    summary: 'There is a right way, a wrong way, and the way that ends with the glove compartment.',
    body: 'Ask thirty students to fold the same sheet and you get thirty theories. The Miura fold beats them all: pull two corners and it opens; push, and it closes.',
    comments: [['Yuki', 'We used it for a satellite model at school!', true]],
  },
  {
    title: 'Place names that mean nothing but "place"',
    author: 'Jonas Lindqvist',
    tags: ['Languages', 'Maps'],
    status: Review,
    age: 0,
    summary: 'Somebody asked what the river was called. "River", came the answer.',
    body: 'The Avon is a river called River. Torpenhow may be a hill called Hill-hill-hill. Explorers wrote down the first word that they heard.',
    comments: [],
  },
  {
    title: 'A city with two time zones',
    author: 'Mei-Ling Tan',
    tags: ['Cities', 'Data'],
    status: Draft,
    age: 0,
    summary: 'Notes for a piece about towns on a time border.',
    body: 'Interview the bakery owner again. Ask about New Year.',
    comments: [],
  },
  {
    title: 'Our plans for 2024',
    author: 'Rosa Ferreira',
    tags: [],
    status: Archived,
    age: 640,
    summary: 'What we wanted to write about, and mostly did.',
    body: 'Fewer lists, more journeys.',
    comments: [['Dana', 'You kept your word!', true]],
  },
];
