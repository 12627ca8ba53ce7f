// The lab's device, as device/protocol.h says it is, for scripts that reach it by bindings of node's;
// and what such scripts share: cases and expectations.
'use strict';

const fs = require('fs');

const vendor = 0x1209, product = 0x0001;
const ECHO = 0x10, REFUSED = 0x11, PROGRAM = 0xE0, CLEAR = 0xE2, REPLUG = 0xE4;
const NAK = 0, SOURCE = 1;
const STALL = 3;
const patience = 300000; // [ms] for what does come, however busy the machine

// struct labdev_behaviour; events are [at, action, value].
function behaviour(kind, events = []) {
    const bytes = Buffer.alloc(4 * (5 + 16 + 3 * 8));

    bytes.writeUInt32LE(kind, 0);
    events.flat().forEach((value, i) => bytes.writeUInt32LE(value, 4 * (5 + 16 + i)));
    return bytes;
}

// struct labdev_replug
function replug(absence) { // [ms]
    const bytes = Buffer.alloc(16);

    bytes.writeUInt32LE(absence, 12);
    return bytes;
}

// Byte n of the pattern is n modulo 251.
function isPattern(bytes, position) {
    return bytes.every((byte, i) => byte === (position + i) % 251);
}

function someBytes(size) {
    return Buffer.from(Array.from({ length: size }, (_, i) => (i * 7) % 256));
}

// Prints a line: into a file, where node under Wine has none to print to.
function say(text) {
    if (process.env.LAB_SAID)
        fs.appendFileSync(process.env.LAB_SAID, `${text}\n`);
    else
        console.log(text);
}

let failures = 0;

function expect(what, met, note = '') {
    if (!met) {
        failures++;
        say(`  FAILED: ${what} ${note}`);
    }
    return met;
}

function expectEqual(what, got, wanted) {
    return expect(what, got === wanted, `is ${got}, not ${wanted}`);
}

// Expects a promise to be rejected; gives why.
async function expectRejected(what, promise) {
    try {
        const value = await promise;
        expect(what, false, `succeeds: ${JSON.stringify(value)}`);
    } catch (error) {
        say(`  ${what}: ${error.message || error}`);
        return error;
    }
    return undefined;
}

function pause(milliseconds) {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// Waits until a device that has come can be used: Linux shows it before it has interfaces.
function settle() {
    return pause(2000);
}

// Waits until something is so.
async function waitUntil(what, isSo) {
    const end = Date.now() + patience;

    while (!await isSo())
        if (Date.now() > end)
            return expect(what, false, 'in vain');
        else
            await pause(100);
    return true;
}

// Runs the cases whose names begin with one of the arguments; all without any.
async function run(title, cases, names) {
    let count = 0;

    for (const [name, body] of Object.entries(cases)) {
        if (names.length && !names.some((beginning) => name.startsWith(beginning)))
            continue;
        count++;
        say(`# ${name}`);
        try {
            await body();
        } catch (error) {
            expect(name, false, error.stack);
        }
    }
    say(`${title}: ${count} cases, ${failures} failures`);
    process.exit(failures || !count ? 1 : 0); // a binding may have a thread that keeps the program
}

module.exports = {
    vendor, product, ECHO, REFUSED, PROGRAM, CLEAR, REPLUG, NAK, SOURCE, STALL, behaviour, replug,
    isPattern, someBytes, say, expect, expectEqual, expectRejected, settle, waitUntil, pause, run,
};
