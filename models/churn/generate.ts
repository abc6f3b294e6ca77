import { type Random, type Row, seededRandom, sigmoid } from '@kilat/core/learning';

/** A customer as the table has it, and what nobody can see of a real one: how likely it was that they would leave. */
export interface Customer {
  readonly row: Row;
  readonly probability: number;
}

/** Made-up customers of a telephone company, with the columns of IBM's Telco table. The same seed makes the same. */
export function generateCustomers(count: number, seed: number): Customer[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => customer(random, index));
}

function customer(random: Random, index: number): Customer {
  const traits = traitsOf(random);
  const probability = sigmoid(logOddsOf(traits));
  const left = random.next() < probability;
  return { row: rowOf(traits, index, left), probability };
}

const services = [
  'OnlineSecurity',
  'OnlineBackup',
  'DeviceProtection',
  'TechSupport',
  'StreamingTV',
  'StreamingMovies',
] as const;
type Service = (typeof services)[number];

const paymentMethods = [
  'Bank transfer (automatic)',
  'Credit card (automatic)',
  'Electronic check',
  'Mailed check',
] as const;

interface Traits {
  readonly isFemale: boolean;
  readonly isSenior: boolean;
  readonly hasPartner: boolean;
  readonly hasDependents: boolean;
  readonly tenure: number;
  readonly hasPhone: boolean;
  readonly hasMultipleLines: boolean;
  readonly internet: 'DSL' | 'Fiber optic' | 'No';
  readonly services: ReadonlySet<Service>;
  readonly contract: 'Month-to-month' | 'One year' | 'Two year';
  readonly isPaperless: boolean;
  readonly payment: (typeof paymentMethods)[number];
  readonly monthlyCharges: number;
  /** none before the first bill */
  readonly totalCharges: number | null;
}

function traitsOf(random: Random): Traits {
  const chance = (probability: number): boolean => random.next() < probability;
  const isSenior = chance(0.16);
  const hasPartner = chance(isSenior ? 0.57 : 0.47);
  const hasDependents = chance(hasPartner ? 0.45 : 0.12);
  const contract = pick(random, { 'Month-to-month': 0.55, 'One year': 0.21, 'Two year': 0.24 });
  const tenure = tenureOf(random, contract);
  const internet = pick(random, { DSL: 0.34, 'Fiber optic': 0.44, No: 0.22 });
  const hasPhone = internet !== 'DSL' || chance(0.72);
  const hasMultipleLines = hasPhone && chance(0.3 + 0.004 * tenure);
  const chosen = internet === 'No' ? [] : services.filter(() => chance(0.25 + 0.005 * tenure));
  const isPaperless = chance(internet === 'No' ? 0.3 : 0.68);
  const payment = pick(random, {
    'Electronic check': internet === 'Fiber optic' ? 0.5 : 0.22,
    'Mailed check': 0.22,
    'Bank transfer (automatic)': 0.22,
    'Credit card (automatic)': 0.22,
  });
  const monthlyCharges = chargesOf(random, { hasPhone, hasMultipleLines, internet, services: new Set(chosen) });
  const totalCharges = tenure === 0 ? null : cents(monthlyCharges * tenure * (1 + 0.03 * random.normal()));
  const isFemale = chance(0.5);
  const people = { isFemale, isSenior, hasPartner, hasDependents };
  const bought = { tenure, hasPhone, hasMultipleLines, internet, services: new Set(chosen), contract };
  return { ...people, ...bought, isPaperless, payment, monthlyCharges, totalCharges };
}

/** Months, 0 to 72: those who bound themselves for longer have been there for longer. */
function tenureOf(random: Random, contract: Traits['contract']): number {
  const mean = { 'Month-to-month': 18, 'One year': 42, 'Two year': 57 }[contract];
  const months = contract === 'Month-to-month' ? -mean * Math.log(1 - random.next()) : mean + 16 * random.normal();
  return Math.min(72, Math.max(0, Math.round(months)));
}

type Bought = Pick<Traits, 'hasPhone' | 'hasMultipleLines' | 'internet' | 'services'>;

function chargesOf(random: Random, { hasPhone, hasMultipleLines, internet, services: chosen }: Bought): number {
  const line = { DSL: 25, 'Fiber optic': 50, No: 0 }[internet];
  const list = line + (hasPhone ? 20 : 0) + (hasMultipleLines ? 5 : 0) + 6 * chosen.size;
  return cents(Math.max(18, list + 1.5 * random.normal()));
}

/**
 * The log-odds of leaving: what the best of all models would know. The effects are of the size that IBM's table shows,
 * and some of them work together, which no sum over the columns can say.
 */
function logOddsOf(traits: Traits): number {
  const { tenure, contract, internet, services: bought, payment, monthlyCharges } = traits;
  const isNew = Math.exp(-tenure / 9);
  const isBound = contract !== 'Month-to-month';
  const isHelped = bought.has('TechSupport') || bought.has('OnlineSecurity');
  return (
    -1.55 +
    { 'Month-to-month': 0.55, 'One year': -0.75, 'Two year': -2.1 }[contract] +
    (isBound ? 0.2 : 2.0) * isNew -
    0.016 * tenure +
    { DSL: 0, 'Fiber optic': 0.75, No: -0.75 }[internet] +
    (internet === 'Fiber optic' && !isHelped ? 0.85 : 0) -
    (isHelped ? 0.35 : 0) +
    (payment === 'Electronic check' ? 0.45 : 0) +
    (payment === 'Electronic check' && traits.isPaperless && !isBound ? 0.35 : 0) +
    (traits.isSenior && !traits.hasPartner ? 0.5 : 0) -
    (traits.hasDependents ? 0.3 : 0) +
    (monthlyCharges > 90 && bought.size < 3 ? 0.6 : 0)
  );
}

function rowOf(traits: Traits, index: number, left: boolean): Row {
  const { internet, hasPhone } = traits;
  const yes = (value: boolean): string => (value ? 'Yes' : 'No');
  const online = (service: Service): string =>
    internet === 'No' ? 'No internet service' : yes(traits.services.has(service));
  return {
    customerID: `K${String(index + 1).padStart(6, '0')}`,
    gender: traits.isFemale ? 'Female' : 'Male',
    SeniorCitizen: traits.isSenior,
    Partner: yes(traits.hasPartner),
    Dependents: yes(traits.hasDependents),
    tenure: traits.tenure,
    PhoneService: yes(hasPhone),
    MultipleLines: hasPhone ? yes(traits.hasMultipleLines) : 'No phone service',
    InternetService: internet,
    ...Object.fromEntries(services.map((service) => [service, online(service)])),
    Contract: traits.contract,
    PaperlessBilling: yes(traits.isPaperless),
    PaymentMethod: traits.payment,
    MonthlyCharges: traits.monthlyCharges,
    TotalCharges: traits.totalCharges,
    Churn: yes(left),
  };
}

const cents = (amount: number): number => Math.round(amount * 100) / 100;

/** One of the names, as likely as its share of the sum. */
function pick<Name extends string>(random: Random, shares: Readonly<Record<Name, number>>): Name {
  const names = Object.keys(shares) as Name[];
  let left = random.next() * names.reduce((sum, name) => sum + shares[name], 0);
  for (const name of names) {
    left -= shares[name];
    if (left < 0) return name;
  }
  return names.at(-1)!;
}
