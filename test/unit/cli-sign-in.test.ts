import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { revoke, signIn } from '../../cli/connection/cognito.ts';
import { type SignIn, SignInStore, signInStore } from '../../cli/connection/sign-ins.ts';
import { connectToStage } from '../../cli/connection/stage.ts';
import { tokenSource } from '../../cli/connection/tokens.ts';
import { reasonOf } from '../../cli/errors.ts';
import { askedCredentials } from '../../cli/login/credentials.ts';
import { placeOf } from '../../cli/login/place.ts';
import { type Answered, addressOfNobody, jsonServer } from '../support/json-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Answers each operation of Cognito in turn, as the service does: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/ */
async function fakeCognito(...answers: Answered[]) {
  const { url, received } = await jsonServer(() => answers.shift()!);
  const asked = () =>
    received.map(({ headers, body }) => [String(headers['x-amz-target']).split('.')[1], JSON.parse(body)]);
  return { client: { cognitoUrl: url, clientId: 'client' }, asked };
}

const tokens = (access: string, refresh?: string): Answered => ({
  body: { AuthenticationResult: { AccessToken: access, ExpiresIn: 3600, ...(refresh && { RefreshToken: refresh }) } },
});

const refusal = (type: string, message: string): Answered => ({ status: 400, body: { __type: type, message } });

const credentials = { username: 'ada', password: 'secret', answer: async (challenge: string) => `for ${challenge}` };

const aSignIn = (parts: Partial<SignIn> = {}): SignIn => ({
  api_url: 'https://api.example.com',
  cognito_url: 'https://cognito.example.com',
  client_id: 'client',
  username: 'ada',
  access_token: 'old',
  expires_at_ms: 0,
  refresh_token: 'refresh',
  ...parts,
});

const storeIn = (folder: string) => new SignInStore(join(folder, 'kilat/credentials.json'));

describe('a sign-in', () => {
  it('asks by user name and password, and answers tokens', async () => {
    const { client, asked } = await fakeCognito(tokens('access', 'refresh'));

    const answer = await signIn(client, credentials);

    expect(answer).toMatchObject({ accessToken: 'access', refreshToken: 'refresh' });
    expect(asked()).toEqual([
      [
        'InitiateAuth',
        {
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'ada', PASSWORD: 'secret' },
          ClientId: 'client',
        },
      ],
    ]);
  });

  it('answers one challenge after another, under the name that Cognito gave the user', async () => {
    const challenge = (ChallengeName: string, Session: string): Answered => ({
      body: { ChallengeName, Session, ChallengeParameters: { USER_ID_FOR_SRP: 'ada-s-id' } },
    });
    const { client, asked } = await fakeCognito(
      challenge('NEW_PASSWORD_REQUIRED', 's1'),
      challenge('SOFTWARE_TOKEN_MFA', 's2'),
      tokens('access', 'refresh'),
    );

    await signIn(client, credentials);

    expect(asked().slice(1)).toEqual([
      [
        'RespondToAuthChallenge',
        {
          ChallengeName: 'NEW_PASSWORD_REQUIRED',
          Session: 's1',
          ChallengeResponses: { USERNAME: 'ada-s-id', NEW_PASSWORD: 'for NEW_PASSWORD_REQUIRED' },
          ClientId: 'client',
        },
      ],
      [
        'RespondToAuthChallenge',
        {
          ChallengeName: 'SOFTWARE_TOKEN_MFA',
          Session: 's2',
          ChallengeResponses: { USERNAME: 'ada-s-id', SOFTWARE_TOKEN_MFA_CODE: 'for SOFTWARE_TOKEN_MFA' },
          ClientId: 'client',
        },
      ],
    ]);
  });

  it('is refused with what Cognito says', async () => {
    const { client } = await fakeCognito(refusal('NotAuthorizedException', 'Incorrect username or password.'));

    await expect(signIn(client, credentials)).rejects.toMatchObject({
      type: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    });
  });

  it('says so where it is asked for what it cannot do', async () => {
    const { client } = await fakeCognito({ body: { ChallengeName: 'SMS_MFA', Session: 's' } });

    await expect(signIn(client, credentials)).rejects.toThrow('this client cannot answer SMS_MFA');
  });

  it('says that nobody answers', async () => {
    const client = { cognitoUrl: await addressOfNobody(), clientId: 'client' };

    await expect(signIn(client, credentials)).rejects.toThrow(`${client.cognitoUrl} does not answer`);
  });

  it('is ended by its refresh token', async () => {
    const { client, asked } = await fakeCognito({});

    await revoke(client, 'refresh');

    expect(asked()).toEqual([['RevokeToken', { Token: 'refresh', ClientId: 'client' }]]);
  });

  it('takes what a machine says in its environment', async () => {
    const env = {
      KILAT_USERNAME: 'ada',
      KILAT_PASSWORD: 'secret',
      KILAT_NEW_PASSWORD: 'new',
      KILAT_MFA_CODE: '123456',
    };

    const { username, password, answer } = await askedCredentials(undefined, env);

    expect([username, password]).toEqual(['ada', 'secret']);
    expect([await answer('NEW_PASSWORD_REQUIRED'), await answer('SOFTWARE_TOKEN_MFA')]).toEqual(['new', '123456']);
  });
});

describe('the place of a stage', () => {
  const api = 'https://a1b2c3.execute-api.ap-southeast-1.amazonaws.com';
  const told = { api_url: api, client_id: 'client', cognito_url: 'https://cognito-idp.ap-southeast-1.amazonaws.com/' };
  const neverAsked = async () => Promise.reject(new Error('AWS was asked'));

  it('has its user pool in the region that the API’s address names', async () => {
    expect(await placeOf({ api, clientId: 'client' }, undefined, neverAsked)).toEqual(told);
  });

  it('has its user pool where --region says, and the API any name', async () => {
    const options = { api: 'https://api.example.com', clientId: 'client', region: 'eu-west-1' };

    const place = await placeOf(options, undefined, neverAsked);

    expect(place.cognito_url).toBe('https://cognito-idp.eu-west-1.amazonaws.com/');
  });

  it('is remembered', async () => {
    const known = { api_url: api, client_id: 'client', cognito_url: 'https://cognito.example.com' };

    expect(await placeOf({}, known, neverAsked)).toEqual(known);
  });

  it('is asked of its stacks where nobody was there before', async () => {
    expect(await placeOf({}, undefined, async () => told)).toEqual(told);
  });

  it('is asked of its stacks for what the options leave out', async () => {
    const place = await placeOf({ clientId: 'another' }, undefined, async () => told);

    expect(place).toEqual({ ...told, client_id: 'another' });
  });

  it.each([
    ['in no region', { api: 'https://api.example.com', clientId: 'client' }, 'name it with --region'],
    ['reached in the clear', { api: 'http://api.example.com', clientId: 'c', region: 'eu-west-1' }, 'expected https'],
    ['no address', { api: 'api', clientId: 'client', region: 'eu-west-1' }, 'expected https'],
  ])('is refused when it is %s', async (_, options, message) => {
    await expect(placeOf(options, undefined, neverAsked)).rejects.toThrow(message);
  });
});

describe('kept sign-ins', () => {
  it('are for their owner’s eyes only, even where the file was open to others', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'kilat'));
    const file = join(folder, 'kilat/credentials.json');
    writeFileSync(file, '{"stages":{}}');
    chmodSync(file, 0o644);

    storeIn(folder).put('staging', aSignIn());

    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('lie in a folder for their owner’s eyes only', () => {
    const folder = temporaryFolder();

    storeIn(folder).put('staging', aSignIn());

    expect(statSync(join(folder, 'kilat')).mode & 0o777).toBe(0o700);
  });

  it('are one for each stage', () => {
    const store = storeIn(temporaryFolder());

    store.put('staging', aSignIn({ username: 'ada' }));
    store.put('production', aSignIn({ username: 'bob' }));
    store.delete('staging');

    expect([store.get('staging'), store.get('production')?.username]).toEqual([undefined, 'bob']);
  });

  it('are not quoted when the file cannot be read', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'kilat'));
    writeFileSync(join(folder, 'kilat/credentials.json'), '{"stages": {"staging": "secret');

    await expect(async () => storeIn(folder).get('staging')).rejects.toSatisfy(
      (error) => !reasonOf(error).includes('secret'),
    );
  });

  it('lie where XDG_CONFIG_HOME says', () => {
    const folder = temporaryFolder();

    signInStore({ XDG_CONFIG_HOME: folder }).put('staging', aSignIn());

    expect(readFileSync(join(folder, 'kilat/credentials.json'), 'utf8')).toContain('staging');
  });
});

describe('an access token', () => {
  const inMs = (ms: number) => ({ accessToken: 'old', expiresAtMs: Date.now() + ms });

  it('is used until a minute before its end', async () => {
    const renew = async () => ({ accessToken: 'new', expiresAtMs: Number.MAX_SAFE_INTEGER });
    const used = [61_000, 59_000].map((ms) => tokenSource({ accessToken: 'old', expiresAtMs: ms }, renew, () => 0)());

    expect(await Promise.all(used)).toEqual(['old', 'new']);
  });

  it('is renewed once for all that wait for it', async () => {
    let renewals = 0;
    const token = tokenSource(undefined, async () => ({ accessToken: `new ${++renewals}`, expiresAtMs: Infinity }));

    expect(await Promise.all([token(), token(), token()])).toEqual(['new 1', 'new 1', 'new 1']);
  });

  it('of a stage is renewed by the refresh token, and kept for the next command', async () => {
    const { client, asked } = await fakeCognito(tokens('new'));
    const store = storeIn(temporaryFolder());

    const token = await connectToStage('staging', aSignIn({ cognito_url: client.cognitoUrl }), store).accessToken();

    expect(token).toBe('new');
    expect(asked()[0]![1]).toMatchObject({
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: 'refresh' },
    });
    expect(store.get('staging')).toMatchObject({ access_token: 'new', refresh_token: 'refresh' });
  });

  it('comes with another refresh token where the pool rotates them', async () => {
    const { client } = await fakeCognito(tokens('new', 'another'));
    const store = storeIn(temporaryFolder());

    await connectToStage('staging', aSignIn({ cognito_url: client.cognitoUrl }), store).accessToken();

    expect(store.get('staging')).toMatchObject({ refresh_token: 'another' });
  });

  it('that cannot be renewed asks for another login', async () => {
    const { client } = await fakeCognito(refusal('NotAuthorizedException', 'Refresh Token has expired'));
    const connection = connectToStage(
      'staging',
      aSignIn({ cognito_url: client.cognitoUrl }),
      storeIn(temporaryFolder()),
    );

    await expect(connection.accessToken()).rejects.toThrow(
      "the sign-in to 'staging' has ended; sign in with kilat login --stage staging",
    );
  });

  it('is not renewed while it is good', async () => {
    const { client, asked } = await fakeCognito();
    const { accessToken: access_token, expiresAtMs: expires_at_ms } = inMs(120_000);
    const signedIn = aSignIn({ cognito_url: client.cognitoUrl, access_token, expires_at_ms });

    expect(await connectToStage('staging', signedIn, storeIn(temporaryFolder())).accessToken()).toBe('old');
    expect(asked()).toEqual([]);
  });
});
