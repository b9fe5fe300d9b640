import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';

/** Packages of TensorFlow.js that compiled modules import, and the modules that stand for them. */
const PACKAGES = [
  ['@tensorflow/tfjs-core', 'core'],
  ['@tensorflow/tfjs-backend-wasm', 'backend-wasm'],
] as const;

/**
 * Has the compiled modules of a folder load TensorFlow.js by `require`. To import its CommonJS files, Node.js compiles them
 * once to find out what they are, parses them to find out what they export, and compiles them again: a third of the time
 * that a start takes. The package loaded is the same one that whoever uses this library imports.
 */
export function requireTfjs(folder: string): void {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  for (const name of files) replaceImports(folder, name);
  mkdirSync(join(folder, 'tfjs'), { recursive: true });
  for (const [specifier, name] of PACKAGES) {
    const exported: unknown = createRequire(import.meta.url)(specifier);
    const names = Object.keys(exported as object).filter((key) => key !== 'default');
    const load = `createRequire(import.meta.url)('${specifier}')`;
    const code = `import { createRequire } from 'node:module';\nexport const { ${names.join(', ')} } = ${load};\n`;
    writeFileSync(join(folder, 'tfjs', `${name}.js`), code);
  }
}

function replaceImports(folder: string, name: string): void {
  const path = join(folder, name);
  const code = readFileSync(path, 'utf8');
  const replaced = PACKAGES.reduce((text, [specifier, module]) => {
    const target = relative(dirname(path), join(folder, 'tfjs', `${module}.js`))
      .split(sep)
      .join('/');
    const local = target.startsWith('.') ? target : `./${target}`;
    return text.replaceAll(new RegExp(`\\b(from |import |import\\()(['"])${specifier}\\2`, 'g'), `$1$2${local}$2`);
  }, code);
  if (replaced !== code) writeFileSync(path, replaced);
}
