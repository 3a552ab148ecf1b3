import { Module } from '@nestjs/common';
import { Admin, App, environment, Field, FrameworkModule, manage } from 'bowerbird';
import { MinLength } from 'class-validator';
import { Column, Entity, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
@Admin({ list: ['name'], search: ['name'] })
class Category {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 60, unique: true }) name: string;
}

@Entity()
@Admin({
  list: ['name', 'category', 'price', 'inStock'],
  search: ['name', 'category.name'],
  filters: ['category', 'inStock'],
})
class Product {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 120 }) @MinLength(3) name: string;
  @ManyToOne(() => Category, { nullable: false }) category: Category;
  @Column({ type: 'decimal', precision: 10, scale: 2 }) @Field({ help: 'In euros' }) price: string;
  @Column({ default: true }) inStock: boolean;
}

@App({ name: 'shop', entities: [Product, Category] })
@Module({})
class ShopModule {}

const env = environment(process.env);

@Module({ imports: [FrameworkModule.forRoot({ secretKey: env.secret('SECRET_KEY'), apps: [ShopModule] })] })
class AppModule {}

await manage(AppModule);
