import { Module } from '@nestjs/common';
import { cursor, ModelSerializer, ModelViewSet, pages, Serializer, ViewSet } from 'bowerbird/api';
import { App } from 'bowerbird/orm';

import { Story, Writer } from './stories.entities.js';

const FIELDS = ['id', 'title', 'summary', 'words', 'price', 'featured', 'publishedAt', 'writer'];

@Serializer(Writer, { fields: ['id', 'name', 'email'] })
class WriterSerializer extends ModelSerializer<Writer> {}

@Serializer(Story, { fields: FIELDS, nested: { writer: WriterSerializer } })
class StorySerializer extends ModelSerializer<Story> {}

/** Visitors name no rows unless the serializer says which: here any writer. */
@Serializer(Story, { fields: FIELDS, nested: { writer: WriterSerializer }, choices: { writer: (writers) => writers } })
class OpenStorySerializer extends ModelSerializer<Story> {}

const SHARED = { serializer: StorySerializer, ordering: ['publishedAt'], defaultOrdering: ['-publishedAt', '-id'] };

@ViewSet(Story, { ...SHARED, path: 'stories', pagination: pages({ size: 20, countUpTo: 1_000 }) })
class StoryViewSet extends ModelViewSet<Story> {}

/** For everybody, as with the servers that it is compared with. */
@ViewSet(Story, {
  ...SHARED,
  serializer: OpenStorySerializer,
  path: 'open',
  pagination: pages({ size: 20, countUpTo: 1_000 }),
  access: 'public',
})
class OpenStoryViewSet extends ModelViewSet<Story> {}

@ViewSet(Story, {
  ...SHARED,
  path: 'feed',
  filters: ['publishedAt'],
  pagination: cursor({ size: 20, maxSize: 10_000 }),
})
class FeedViewSet extends ModelViewSet<Story> {}

/** The stories with an API. */
@App({ name: 'bench', entities: [Story, Writer] })
@Module({ controllers: [StoryViewSet, OpenStoryViewSet, FeedViewSet] })
export class StoriesModule {}
