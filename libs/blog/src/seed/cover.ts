import { crc32, deflateSync } from 'node:zlib';

const WIDTH = 960;
const HEIGHT = 480;

/** Between two lines of height lie this many shades. */
const SHADES = 12;

/** Valley, slope and peak of each landscape, as red, green and blue. */
const PALETTES = [
  ['#12355b', '#2a7f9e', '#bfe6e2'],
  ['#2d1e2f', '#b5446e', '#f7c1a9'],
  ['#1b4332', '#52936a', '#d8f3dc'],
  ['#33261d', '#b8743d', '#f6e0b5'],
  ['#22223b', '#6a6ba8', '#e3dff2'],
] as const;

/**
 * A map of a country that is not there, as a PNG of 960 × 480 pixels: heights of a few overlaid waves with contour lines.
 * The same number always gives the same map.
 */
export function drawCover(seed: number): Buffer {
  const palette = shades(PALETTES[seed % PALETTES.length]!);
  const waves = [1, 2, 3, 5].map((size, index) => wave(seed * 7 + index, size));
  const rows = Buffer.alloc(HEIGHT * (WIDTH + 1));
  for (let y = 0; y < HEIGHT; y += 1)
    for (let x = 0; x < WIDTH; x += 1) {
      const height = waves.reduce((sum, at) => sum + at(x / HEIGHT, y / HEIGHT), 0);
      rows[y * (WIDTH + 1) + 1 + x] = shadeOf(height);
    }
  return png(palette, rows);
}

/** A wave in a direction of its own; larger numbers are shorter and lower. */
function wave(seed: number, size: number): (x: number, y: number) => number {
  const turn = Math.sin(seed * 12.9898) * Math.PI;
  const [alongX, alongY] = [Math.cos(turn) * size * 3, Math.sin(turn) * size * 3];
  return (x, y) => Math.sin(x * alongX + y * alongY + seed + Math.sin(y * size * 2 + seed)) / size;
}

/** The waves sum up to 2.04 at most; the shade 0 is kept for the contour lines. */
function shadeOf(height: number): number {
  const level = ((height + 2.04) / 4.08) * SHADES;
  const nearest = Math.abs(level - Math.round(level));
  return nearest < 0.03 ? 0 : 1 + Math.min(SHADES - 1, Math.floor(level));
}

function shades([low, middle, high]: readonly [string, string, string]): Buffer {
  const colors = Array.from({ length: SHADES }, (_, index) => {
    const place = (index / (SHADES - 1)) * 2;
    return place <= 1 ? mix(low, middle, place) : mix(middle, high, place - 1);
  });
  return Buffer.from([...mix(low, high, 0.35), ...colors.flat()]);
}

function mix(from: string, to: string, share: number): number[] {
  const parts = (color: string) => [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
  const target = parts(to);
  return parts(from).map((part, index) => Math.round(part + (target[index]! - part) * share));
}

/** PNG with a palette of 8 bits; every row starts with a byte that names its filter. https://www.w3.org/TR/png-3/ */
function png(palette: Buffer, rows: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}
