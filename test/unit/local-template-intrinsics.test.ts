import { describe, expect, it } from 'vitest';
import { NotEmulatedError, TemplateError } from '../../local/template/errors.ts';
import { resolve, type Scope } from '../../local/template/intrinsics.ts';

const scope: Scope = {
  ref: (name) => ({ Bucket: 'photos', Port: 8080, 'AWS::Region': 'us-east-1' })[name] ?? `unknown ${name}`,
  attribute: (logicalId, attribute) => `${attribute} of ${logicalId}`,
  exported: (name) => `imported ${name}`,
  stackOutput: (stackName, outputName) => `${outputName} of ${stackName}`,
  mapping: (map, top, second) => [map, top, second].join('/'),
  condition: (name) => name === 'IsTrue',
};

describe('intrinsic functions', () => {
  it.each([
    ['Ref', { Ref: 'Bucket' }, 'photos'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'Arn of Bucket'],
    ['Fn::GetAtt as a path', { 'Fn::GetAtt': 'Bucket.Arn' }, 'Arn of Bucket'],
    ['Fn::GetAtt of a nested attribute', { 'Fn::GetAtt': 'Stack.Outputs.Name' }, 'Outputs.Name of Stack'],
    ['Fn::Join', { 'Fn::Join': [':', ['arn', { Ref: 'Bucket' }, 1]] }, 'arn:photos:1'],
    ['Fn::Join of a split', { 'Fn::Join': ['-', { 'Fn::Split': ['/', 'a/b'] }] }, 'a-b'],
    ['Fn::Sub', { 'Fn::Sub': 'arn:$' + '{AWS::Region}:$' + '{Bucket}' }, 'arn:us-east-1:photos'],
    ['Fn::Sub of an attribute', { 'Fn::Sub': '$' + '{Bucket.Arn}/*' }, 'Arn of Bucket/*'],
    ['Fn::Sub with variables', { 'Fn::Sub': ['$' + '{Own}', { Own: { Ref: 'Bucket' } }] }, 'photos'],
    ['Fn::Sub of a literal', { 'Fn::Sub': '$' + '{!Bucket}' }, '$' + '{Bucket}'],
    ['Fn::Select', { 'Fn::Select': [1, ['a', { Ref: 'Bucket' }]] }, 'photos'],
    ['Fn::Select by text', { 'Fn::Select': ['0', { 'Fn::Split': [',', 'a,b'] }] }, 'a'],
    ['Fn::Split', { 'Fn::Split': [',', 'a,b'] }, ['a', 'b']],
    ['Fn::ImportValue', { 'Fn::ImportValue': { 'Fn::Join': ['', ['Stor', 'age']] } }, 'imported Storage'],
    ['Fn::GetStackOutput', { 'Fn::GetStackOutput': { StackName: 'S', OutputName: 'O' } }, 'O of S'],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Map', { Ref: 'AWS::Region' }, 'Key'] }, 'Map/us-east-1/Key'],
    ['Fn::If that holds', { 'Fn::If': ['IsTrue', { Ref: 'Bucket' }, 'other'] }, 'photos'],
    ['Fn::If that does not', { 'Fn::If': ['IsFalse', 'one', 'other'] }, 'other'],
    ['Fn::Base64', { 'Fn::Base64': 'lightning' }, 'bGlnaHRuaW5n'],
    ['Fn::ToJsonString', { 'Fn::ToJsonString': { bucket: { Ref: 'Bucket' } } }, '{"bucket":"photos"}'],
  ])('resolves %s', (_, value, expected) => {
    expect(resolve(value, scope)).toEqual(expected);
  });

  it('leaves values without functions as they are', () => {
    const value = { Name: 'x', Count: 3, Enabled: false, Nothing: null, List: [1, 'a', { Deep: true }] };

    expect(resolve(value, scope)).toEqual(value);
  });

  it('takes a policy for what it is, though one of its keys is called Condition', () => {
    const statement = { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };

    expect(resolve(statement, scope)).toEqual(statement);
  });

  it('leaves out properties and elements that are AWS::NoValue', () => {
    const value = { A: { Ref: 'AWS::NoValue' }, B: [1, { 'Fn::If': ['IsFalse', 2, { Ref: 'AWS::NoValue' }] }] };

    expect(resolve(value, scope)).toEqual({ B: [1] });
  });

  it('keeps a number that Ref gives a number', () => {
    expect(resolve({ Port: { Ref: 'Port' } }, scope)).toEqual({ Port: 8080 });
  });

  it('refuses a function that it does not know, by its name', () => {
    expect(() => resolve({ Zones: { 'Fn::GetAZs': '' } }, scope)).toThrow(NotEmulatedError);
    expect(() => resolve({ Zones: { 'Fn::GetAZs': '' } }, scope)).toThrow('Fn::GetAZs');
  });

  it.each([
    ['joins no list', { 'Fn::Join': [',', 'text'] }],
    ['selects what is not there', { 'Fn::Select': [2, ['a']] }],
    ['joins an object', { 'Fn::Join': ['', [{ a: 1 }]] }],
  ])('refuses a function that %s', (_, value) => {
    expect(() => resolve(value, scope)).toThrow(TemplateError);
  });
});
