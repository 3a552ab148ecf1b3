import { City, Country, Currency, Language } from '@bowerbird/atlas';
import { Author, Comment, Post, PostStatus, Tag } from '@bowerbird/blog';
import { Injectable } from '@nestjs/common';
import { type Class } from 'bowerbird/core';
import { Database } from 'bowerbird/orm';

/** One kind of row: how many there are, and where the admin lists them. */
export interface HomeCount {
  readonly label: string;
  readonly count: number;
  /** Address below the admin. */
  readonly section: string;
}

/** What the home page tells of the data. */
export interface HomeModel {
  readonly counts: readonly HomeCount[];
  /** Dots of a world map, 720 wide and 300 high, as the path of an SVG; empty without cities. */
  readonly map: string;
  readonly cities: readonly {
    readonly name: string;
    readonly place: string;
    readonly population: number;
    readonly share: number;
  }[];
  readonly posts: readonly {
    readonly title: string;
    readonly summary: string;
    readonly author: string;
    readonly date: Date | null;
  }[];
}

const SECTIONS: readonly (readonly [label: string, entity: Class, section: string])[] = [
  ['Cities', City, 'atlas/city'],
  ['Countries', Country, 'atlas/country'],
  ['Languages', Language, 'atlas/language'],
  ['Currencies', Currency, 'atlas/currency'],
  ['Posts', Post, 'blog/post'],
  ['Authors', Author, 'blog/author'],
  ['Tags', Tag, 'blog/tag'],
  ['Comments', Comment, 'blog/comment'],
];

/** How many of the largest cities the map shows. */
const DOTS = 6_000;
/** Degrees between two dots. */
const GRID = 1.5;
/** The latitude of the upper edge. */
const NORTH = 78;

/** Reads what the home page shows, with as many statements for an empty database as for a full one. */
@Injectable()
export class Home {
  constructor(private readonly database: Database) {}

  async model(): Promise<HomeModel> {
    const [counts, map, cities, posts] = await Promise.all([this.counts(), this.map(), this.cities(), this.posts()]);
    return { counts, map, cities, posts };
  }

  private counts(): Promise<HomeCount[]> {
    return Promise.all(
      SECTIONS.map(async ([label, entity, section]) => ({
        label,
        count: await this.database.objects(entity).count(),
        section: `${section}/`,
      })),
    );
  }

  /** Every place with a large city is one dot, on a grid of a degree and a half. */
  private async map(): Promise<string> {
    const places = this.database.objects(City).orderBy('-population').slice(0, DOTS);
    const rows = await places.values('latitude', 'longitude').all();
    const dots = rows.map(({ latitude, longitude }) => {
      const [x, y] = [Math.round((longitude + 180) / GRID), Math.round((NORTH - latitude) / GRID)];
      return `M${x * GRID * 2} ${y * GRID * 2}h0`;
    });
    return [...new Set(dots)].join('');
  }

  private async cities(): Promise<HomeModel['cities']> {
    const rows = await this.database.objects(City).selectRelated('country').orderBy('-population').slice(0, 6).all();
    const largest = rows[0]?.population || 1;
    return rows.map(({ name, country, population }) => ({
      name,
      place: country.name,
      population,
      share: Math.round((100 * population) / largest),
    }));
  }

  private async posts(): Promise<HomeModel['posts']> {
    const published = this.database.objects(Post).filter({ status: PostStatus.Published });
    const rows = await published.selectRelated('author').orderBy('-publishedAt').slice(0, 4).all();
    return rows.map(({ title, summary, author, publishedAt }) => ({
      title,
      summary,
      author: author.name,
      date: publishedAt,
    }));
  }
}
