import { Injectable, Module } from '@nestjs/common';
import { AdminFor, adminFor, ModelAdmin, type AdminContext, type AdminPermission } from 'bowerbird/admin';
import { Group, Permission, Policy, type AbstractUser, type EntityPolicy } from 'bowerbird/auth';
import { App, Database, type QuerySet } from 'bowerbird/orm';
import { createTestApp, type TestApp, type TestClient } from 'bowerbird/testing';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

@Entity('site_note')
class Note {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 80 }) text: string;
  @Column({ length: 80, default: '' }) owner: string;
}

@Entity('site_secret')
class Secret {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 80 }) text: string;
}

@Entity('site_plain')
class Plain {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 80 }) name: string;
}

@Policy(Note)
@Injectable()
class NotePolicy implements EntityPolicy<Note> {
  delete(user: AbstractUser, note?: Note): boolean | undefined {
    return note && note.owner !== user.email ? false : undefined;
  }

  scope(user: AbstractUser, notes: QuerySet<Note>): QuerySet<Note> {
    return notes.exclude({ text: 'covert' });
  }
}

@AdminFor(Note, { list: ['text'] })
class NoteAdmin extends ModelAdmin<Note> {
  override query(notes: QuerySet<Note>): QuerySet<Note> {
    return notes.exclude({ text: 'draft' });
  }
}

@AdminFor(Secret, { list: ['text'] })
class SecretAdmin extends ModelAdmin<Secret> {
  override allows(_permission: AdminPermission, { user }: AdminContext): boolean {
    return user.email === 'boss@example.com';
  }
}

@App({ name: 'site', label: 'Site', entities: [Note, Secret, Plain], migrations: false })
@Module({ providers: [NotePolicy, NoteAdmin, SecretAdmin] })
class SiteModule {}

let app: TestApp;

async function member(
  email: string,
  values: Partial<AbstractUser>,
  codenames: readonly string[] = [],
): Promise<TestClient> {
  const user = await app.createUser({ email, ...values });
  const permissions = await Promise.all(codenames.map((codename) => permission(codename)));
  user.permissions = permissions;
  await app.get(Database).save(user);
  return app.login({ email });
}

async function permission(codename: string): Promise<Permission> {
  const known = await app.objects(Permission).filter({ codename }).first();
  return known ?? app.get(Database).save(Object.assign(new Permission(), { codename, label: codename, app: 'Site' }));
}

beforeAll(async () => {
  app = await createTestApp(
    { apps: [SiteModule], admin: { header: 'Back office', register: [adminFor(Plain, { list: ['name'] })] } },
    { schema: 'none' },
  );
  await app.get(Database).dataSource.synchronize();
  await app
    .get(Database)
    .save(['open', 'draft', 'covert'].map((text) => Object.assign(new Note(), { text, owner: 'ann@example.com' })));
  await app.get(Database).save(Object.assign(new Note(), { text: 'foreign', owner: 'zoe@example.com' }));
});
afterAll(() => app.close());

describe('visitors', () => {
  it.each([
    '/admin/',
    '/admin/site/',
    '/admin/site/note/',
    '/admin/site/note/1/change/',
    '/admin/no/such/',
    '/admin/site/nothing/',
    '/admin/%2e%2e/',
  ])('are sent to the login, whether there is such a page or not: %s', async (path) => {
    const answer = await app.client().get(path);
    expect([answer.status, answer.location]).toEqual([303, `/accounts/login/?next=${path.replaceAll('%', '%25')}`]);
  });

  it('cannot post either', async () => {
    const answer = await app
      .client()
      .post('/admin/site/note/', { action: 'delete_selected', selected: 1, confirmed: 1 });
    expect([303, 401, 403]).toContain(answer.status);
    expect(await app.objects(Note).count()).toBe(4);
  });
});

describe('accounts that are not staff', () => {
  it('are refused everywhere, and nothing is kept by caches', async () => {
    const client = await member('plain@example.com', {}, ['site.view_note']);
    for (const path of ['/admin/', '/admin/site/note/', '/admin/nothing/']) {
      const answer = await client.get(path);
      expect(answer.status).toBe(403);
      expect(answer.header('cache-control')).toMatch(/no-store/);
    }
  });
});

describe('staff', () => {
  let ann: TestClient;
  beforeAll(async () => {
    ann = await member('ann@example.com', { isStaff: true }, ['site.view_note', 'site.delete_note']);
  });

  it('see what their permissions name', async () => {
    const { status, text } = await ann.get('/admin/');
    expect(status).toBe(200);
    expect(text).toContain('Back office');
    expect(text).toContain('href="/admin/site/note/"');
    expect(text).not.toContain('/admin/site/plain/');
    expect(text).not.toContain('/admin/auth/user/');
    expect(text).not.toContain('/admin/site/note/add/');
  });

  it('are refused elsewhere', async () => {
    expect((await ann.get('/admin/site/plain/')).status).toBe(403);
    expect((await ann.get('/admin/auth/')).status).toBe(404);
    expect((await ann.get('/admin/no/such/')).status).toBe(404);
  });

  it('see only the rows of the policy and of the admin class', async () => {
    const { text } = await ann.get('/admin/site/note/');
    expect(text).toContain('open');
    expect(text).toContain('foreign');
    expect(text).not.toContain('draft');
    expect(text).not.toContain('covert');
  });

  it('may do to each row only what the policy allows', async () => {
    const foreign = await app.objects(Note).get({ text: 'foreign' });
    const answer = await ann.submit('/admin/site/note/', {
      action: 'delete_selected',
      selected: [foreign.id],
      confirmed: 1,
    });
    expect(answer.status).toBe(403);
    const own = await app.objects(Note).get({ text: 'open' });
    await ann.submit('/admin/site/note/', { action: 'delete_selected', selected: [own.id], confirmed: 1 });
    expect(
      await app
        .objects(Note)
        .filter({ text__in: ['open', 'foreign'] })
        .flat('text')
        .all(),
    ).toEqual(['foreign']);
  });

  it('cannot reach hidden rows by their keys', async () => {
    const hidden = await app.objects(Note).get({ text: 'draft' });
    await ann.submit('/admin/site/note/', { action: 'delete_selected', selected: [hidden.id], confirmed: 1 });
    expect(await app.objects(Note).filter({ text: 'draft' }).exists()).toBe(true);
  });

  it('without any permission are told so', async () => {
    const nobody = await member('nobody@example.com', { isStaff: true });
    expect((await nobody.get('/admin/')).text).toContain('no permissions in the administration');
  });
});

describe('the hooks of an admin class', () => {
  it('decide before permissions, for superusers too', async () => {
    const root = await app.login();
    expect((await root.get('/admin/site/secret/')).status).toBe(403);
    expect((await root.get('/admin/')).text).not.toContain('/admin/site/secret/');
    const boss = await member('boss@example.com', { isStaff: true });
    expect((await boss.get('/admin/site/secret/')).status).toBe(200);
  });
});

describe('the frame', () => {
  let root: TestClient;
  beforeAll(async () => {
    root = await app.login();
  });

  it('marks the current entity and shows the way', async () => {
    const { text } = await root.get('/admin/site/note/');
    expect(text).toMatch(/href="\/admin\/site\/note\/" aria-current="page"/);
    expect(text).toContain('<a class="bb-skip" href="#content">');
    expect(text).toContain('<span aria-current="page">Notes</span>');
  });

  it('has the theme of the cookie from the first byte', async () => {
    const plain = await root.get('/admin/');
    expect(plain.text).not.toContain('data-theme="');
    root.cookies.set('bb-theme', 'dark');
    expect((await root.get('/admin/')).text).toContain('<html lang="en" data-theme="dark">');
    root.cookies.set('bb-theme', '"><script>');
    expect((await root.get('/admin/')).text).not.toContain('data-theme="');
  });

  it('searches apps and entities on the index without scripts', async () => {
    const { text } = await root.get('/admin/?q=plai');
    expect(text.split('class="bb-tile-link"')).toHaveLength(2);
    expect((await root.get('/admin/?q=%3Cb%3E')).text).toContain('No section is called “&lt;b&gt;”');
  });

  it('has accounts and groups', async () => {
    expect((await root.get('/admin/auth/user/')).text).toContain('ann@example.com');
    expect((await root.get('/admin/auth/user/')).text).not.toContain('scrypt');
    await app.get(Database).save(Object.assign(new Group(), { name: 'Editors' }));
    expect((await root.get('/admin/auth/group/')).text).toContain('Editors');
  });

  it('shows what the user did last', async () => {
    expect((await root.get('/admin/')).text).toContain('Your recent changes');
  });

  it('sends no scripts or styles inline', async () => {
    for (const path of ['/admin/', '/admin/site/note/']) {
      const { text } = await root.get(path);
      expect(text).not.toMatch(/<script(?![^>]*\ssrc=)/);
      expect(text).not.toMatch(/<style|\sstyle=|\son\w+=/);
    }
  });
});
