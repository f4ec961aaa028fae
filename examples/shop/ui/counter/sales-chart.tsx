import { useReducedMotion } from '@mantine/hooks';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { formatMoney, formatRoundMoney } from '../format/money.js';
import { formatShortDate } from '../format/time.js';
import classes from './sales-chart.module.css';
import type { SalesDay } from './sales-days.js';

/** Sales as bars, a bar for each day: what was given back of it stands on top. The table below says the same. */
export default function SalesChart({ days, currency }: { days: readonly SalesDay[]; currency: string }) {
  const isStill = useReducedMotion();
  const bars = days.map((day) => ({ ...day, kept: day.amount - day.refunded }));
  return (
    <figure className={classes.chart} aria-hidden="true">
      <ResponsiveContainer width="100%" height={300}>
        <BarChart data={bars} accessibilityLayer={false} margin={{ top: 8, right: 4, bottom: 0, left: 0 }}>
          <CartesianGrid vertical={false} stroke="var(--hairline)" />
          <XAxis
            dataKey="day"
            tickFormatter={formatShortDate}
            minTickGap={24}
            tickLine={false}
            stroke="var(--ink-soft)"
            fontSize={12}
          />
          <YAxis
            width={64}
            tickFormatter={(amount: number) => formatRoundMoney({ amount, currency })}
            tickLine={false}
            axisLine={false}
            stroke="var(--ink-soft)"
            fontSize={12}
          />
          <Tooltip cursor={{ fill: 'var(--trough)' }} content={<Day currency={currency} />} />
          <Bar dataKey="kept" stackId="day" fill="var(--bar)" isAnimationActive={!isStill} animationDuration={300} />
          <Bar
            dataKey="refunded"
            stackId="day"
            fill="var(--bar-soft)"
            isAnimationActive={!isStill}
            animationDuration={300}
          />
        </BarChart>
      </ResponsiveContainer>
      <figcaption className={classes.legend}>
        Sold:
        <span data-bar="kept">Not given back</span>
        <span data-bar="refunded">Given back</span>
      </figcaption>
    </figure>
  );
}

interface DayProps {
  readonly currency: string;
  readonly active?: boolean;
  readonly payload?: readonly { readonly payload?: SalesDay }[];
}

/** What a bar stands for, for whoever points at it. */
function Day({ currency, active, payload }: DayProps) {
  const day = payload?.[0]?.payload;
  if (active !== true || day === undefined) return null;
  return (
    <div className={classes.tip}>
      <b>{formatShortDate(day.day)}</b>
      <span>
        {formatMoney({ amount: day.amount, currency })}, {day.orders === 1 ? '1 order' : `${day.orders} orders`}
      </span>
      {day.refunded > 0 && <span>{formatMoney({ amount: day.refunded, currency })} given back</span>}
    </div>
  );
}
