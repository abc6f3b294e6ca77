import { Factories } from '@cyclonedx/cyclonedx-library/Contrib/License';
import { ComponentType, HashAlgorithm } from '@cyclonedx/cyclonedx-library/Enums';
import { Bom, Component, Property } from '@cyclonedx/cyclonedx-library/Models';
import { JSON as CycloneDxJson, JsonSerializer } from '@cyclonedx/cyclonedx-library/Serialize';
import { Spec1dot6 } from '@cyclonedx/cyclonedx-library/Spec';
import parseExpression from 'spdx-expression-parse';
import { version } from '../lib/repository.ts';
import type { Architecture } from './architecture.ts';
import type { Part } from './inventory/part.ts';

const types: Readonly<Record<Part['type'], ComponentType>> = {
  library: ComponentType.Library,
  application: ComponentType.Application,
  'machine-learning-model': ComponentType.MachineLearningModel,
  'operating-system': ComponentType.OperatingSystem,
};

const licenceFactory = new Factories.LicenseFactory(parseExpression);

/**
 * The bill of materials of an image, as CycloneDX 1.6. It holds neither time nor random number: the same image gives the
 * same bill.
 * @see https://cyclonedx.org/docs/1.6/json/
 */
export function billOfMaterials(architecture: Architecture, parts: readonly Part[]): string {
  const bom = new Bom();
  const image = new Component(ComponentType.Container, 'kilat-inference', { version, bomRef: 'image' });
  image.properties.add(new Property('kilat:architecture', architecture));
  bom.metadata.component = image;
  for (const part of parts) {
    const component = componentOf(part);
    bom.components.add(component);
    image.dependencies.add(component.bomRef);
  }
  const serializer = new JsonSerializer(new CycloneDxJson.Normalize.Factory(Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function componentOf({ type, name, version, licences, purl, sha256, within }: Part): Component {
  const [namespace, ownName] = name.startsWith('@') ? name.split('/') : [undefined, name];
  const component = new Component(types[type], ownName!, {
    version,
    bomRef: purl ?? [within, type, name, version].filter(Boolean).join('/'),
    ...(namespace && { group: namespace }),
    ...(purl && { purl }),
  });
  for (const licence of licences) component.licenses.add(licenseOf(licence, licences.length));
  if (sha256) component.hashes.set(HashAlgorithm['SHA-256'], sha256);
  if (within) component.properties.add(new Property('kilat:within', within));
  return component;
}

/** A component has one expression, or any number of single licences. */
const licenseOf = (licence: string, count: number) =>
  count === 1 ? licenceFactory.makeFromString(licence) : licenceFactory.makeDisjunctive(licence);
