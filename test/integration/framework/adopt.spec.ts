import { readFileSync } from 'node:fs';

import { Body, Controller, Get, Module, Param, ParseIntPipe, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { App, environment, FrameworkModule } from 'bowerbird';
import { adminFor } from 'bowerbird/admin';
import { Users } from 'bowerbird/auth';
import { Migrator } from 'bowerbird/orm';
import { TEST_PASSWORD, TestClient } from 'bowerbird/testing';
import { Column, DataSource, Entity, ManyToOne, OneToMany, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// The existing project: nothing here knows of the framework.

@Entity()
class Customer {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ type: 'varchar', length: 80 })
  name: string;

  @Column({ type: 'varchar', unique: true })
  email: string;

  @OneToMany(() => Order, (order) => order.customer)
  orders: Relation<Order>[];
}

@Entity('orders')
class Order {
  @PrimaryGeneratedColumn()
  id: number;

  @ManyToOne(() => Customer, (customer) => customer.orders, { nullable: false })
  customer: Relation<Customer>;

  @Column({ type: 'decimal', precision: 10, scale: 2 })
  total: number;
}

const dataSource = new DataSource({
  type: 'better-sqlite3',
  database: ':memory:',
  entities: [Customer, Order],
  synchronize: true,
});

@Controller('api/customers')
class CustomersController {
  @Get(':id')
  async one(@Param('id', ParseIntPipe) id: number): Promise<Customer | { missing: number }> {
    return (await dataSource.getRepository(Customer).findOneBy({ id })) ?? { missing: id };
  }

  @Post()
  create(@Body() body: { name: string; email: string }): Promise<Customer> {
    return dataSource.getRepository(Customer).save({ name: body.name, email: body.email });
  }
}

// The lines that are added:
@App({ name: 'crm', entities: [Customer, Order], migrations: false })
@Module({})
class CrmApp {}
const framework = FrameworkModule.forRoot({
  secretKey: environment({}).secret('SECRET_KEY'),
  database: { dataSource },
  http: { pipeline: 'own' },
  admin: { register: [adminFor(Customer, { list: ['name', 'email'], search: ['name'] }), adminFor(Order)] },
  apps: [CrmApp],
});
// So much for them; `framework` joins the imports of the root module.

@Module({ imports: [framework], controllers: [CustomersController] })
class ExistingModule {}

@Module({ controllers: [CustomersController] })
class UntouchedModule {}

/** The answer to a request, without what differs from run to run. */
async function answer(client: TestClient, method: string, path: string, json?: unknown): Promise<unknown> {
  const response = await client.request(method, path, {
    headers: { accept: 'application/json' },
    ...(json ? { json } : {}),
  });
  const { date: _date, etag: _etag, ...headers } = response.headers;
  return { status: response.status, headers, body: response.text };
}

describe('an existing Nest and TypeORM project', () => {
  let before: Awaited<ReturnType<typeof NestFactory.create>>;
  let after: Awaited<ReturnType<typeof NestFactory.create>>;
  let untouched: TestClient;
  let adopting: TestClient;

  beforeAll(async () => {
    await dataSource.initialize();
    before = await NestFactory.create(UntouchedModule, { logger: false });
    await before.listen(0, '127.0.0.1');
    untouched = new TestClient(await before.getUrl());
    after = await NestFactory.create(ExistingModule, { logger: false, abortOnError: false });
    await after.get(Migrator, { strict: false }).syncSchema();
    await after.listen(0, '127.0.0.1');
    adopting = new TestClient(await after.getUrl());
  });
  afterAll(async () => {
    await before?.close();
    await after?.close();
    await dataSource.destroy();
  });

  it('adds at most ten lines', () => {
    const source = readFileSync(new URL(import.meta.url), 'utf8');
    const added = source.split('// The lines that are added:')[1]!.split('// So much for them')[0]!;
    expect(added.trim().split('\n').length).toBeLessThanOrEqual(10);
  });

  it('answers its own routes as before, errors and headers included', async () => {
    const requests = [
      ['GET', '/api/customers/1'],
      ['GET', '/api/customers/abc'],
      ['GET', '/api/unknown'],
      ['POST', '/api/customers', { name: 'Ada', email: 'ada@example.com' }],
    ] as const;
    for (const [method, path, json] of requests) {
      const body = json && { ...json };
      const left = await answer(untouched, method, path, body);
      if (json) await dataSource.getRepository(Customer).clear();
      if (json) await dataSource.query("delete from sqlite_sequence where name = 'customer'");
      expect(await answer(adopting, method, path, body), `${method} ${path}`).toEqual(left);
    }
  });

  it('has the admin behind the login', async () => {
    expect((await adopting.get('/admin/')).location).toContain('/accounts/login/');
    await after.get(Users, { strict: false }).createSuperuser({ email: 'boss@example.com', password: TEST_PASSWORD });
    const staff = new TestClient(adopting.origin);
    expect(
      (await staff.submit('/accounts/login/', { email: 'boss@example.com', password: TEST_PASSWORD })).status,
    ).toBe(303);
    const page = await staff.get('/admin/crm/customer/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('ada@example.com');
    expect((await staff.get('/admin/crm/order/')).status).toBe(200);
  });

  it('keeps its data source when the application closes', async () => {
    await after.close();
    expect(dataSource.isInitialized).toBe(true);
  });

  it('does not start with a name that the admin does not know', async () => {
    const own = new DataSource({ type: 'better-sqlite3', database: ':memory:', entities: [Customer, Order] });
    await own.initialize();
    const list = ['nmae'] as unknown as ['name'];
    const misspelt = FrameworkModule.forRoot({
      secretKey: environment({}).secret('SECRET_KEY'),
      database: { dataSource: own },
      http: { pipeline: 'own' },
      admin: { register: [adminFor(Customer, { list })] },
      apps: [CrmApp],
    });
    @Module({ imports: [misspelt], controllers: [CustomersController] })
    class MisspeltModule {}
    const start = async (): Promise<unknown> => {
      const app = await NestFactory.create(MisspeltModule, { logger: false, abortOnError: false });
      return app.listen(0, '127.0.0.1');
    };
    await expect(start()).rejects.toThrow(/nmae[\s\S]*Did you mean "name"\?/);
    await own.destroy();
  });
});
