import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Command, CommandBus, CommandHandler, CqrsModule, type ICommandHandler } from '@nestjs/cqrs';
import { inFlight, perSecond } from '../measure.js';

class Deposit extends Command<number> {
  readonly amount: number;
  constructor(amount: number) {
    super();
    this.amount = amount;
  }
}

class DepositHandler implements ICommandHandler<Deposit> {
  async execute({ amount }: Deposit): Promise<number> {
    return amount;
  }
}
CommandHandler(Deposit)(DepositHandler);

class Bank {}
Module({ imports: [CqrsModule], providers: [DepositHandler] })(Bank);

/** Dispatches a second of @nestjs/cqrs, whose handler does nothing and stores nothing. */
export async function nestCommands(count: number): Promise<number> {
  const application = await NestFactory.createApplicationContext(Bank, { logger: false });
  await application.init();
  const bus = application.get(CommandBus);
  const result = await perSecond(count, () => inFlight(count, 256, (index) => bus.execute(new Deposit(index))));
  await application.close();
  return result;
}
