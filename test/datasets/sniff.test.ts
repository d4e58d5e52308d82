import { describe, expect, it } from "@jest/globals";
import { refuseForeignBytes } from "../../server/datasets/sniff.ts";
import { bytesOf } from "../support/peculiar-file.ts";

describe("the first bytes of an upload", () => {
  it.each([
    ["UTF-16 text", bytesOf(0xff, 0xfe, "a\0,\0")],
    ["UTF-16 text", bytesOf(0xfe, 0xff, "\0a\0,")],
    ["UTF-32 text", bytesOf(0xff, 0xfe, 0, 0, "a\0\0\0")],
    ["UTF-32 text", bytesOf(0, 0, 0xfe, 0xff, "\0\0\0a")],
    ["a PNG image", bytesOf(0x89, "PNG\r\n", 0x1a, "\n")],
    ["a JPEG image", bytesOf(0xff, 0xd8, 0xff, 0xe0)],
    ["a GIF image", bytesOf("GIF89a")],
    ["a PDF document", bytesOf("%PDF-1.7\n")],
    ["a ZIP archive or an Office document", bytesOf("PK\x03\x04", 20)],
    ["a gzip archive", bytesOf(0x1f, 0x8b, 8)],
    ["a program", bytesOf(0x7f, "ELF")],
    ["a program", bytesOf("MZ", 0x90, 0, 3)],
    ["a SQLite database", bytesOf("SQLite format 3\0")],
    ["an HTML, SVG or XML document", bytesOf("<!DOCTYPE html>\n<title>x</title>")],
    ["an HTML, SVG or XML document", bytesOf("\uFEFF \r\n\t<HTML lang=en>")],
    ["an HTML, SVG or XML document", bytesOf("<html><script>alert(1)</script>")],
    ["an HTML, SVG or XML document", bytesOf("<svg onload=alert(1) />\n")],
    ["an HTML, SVG or XML document", bytesOf('<?xml version="1.0"?>\n<svg/>')],
  ])("are refused as %s", (what, head) => {
    expect(refuseForeignBytes(head)).toBe(`The file is ${what}, not CSV or NDJSON in UTF-8.`);
  });

  it.each([
    ["nothing", bytesOf("")],
    ["a byte order mark", bytesOf("\uFEFFa,b\n")],
    ["text that begins like a program", bytesOf("MZ,name\n1,x\n")],
    ["a bad byte further down", bytesOf("a,b\n1,", 0xff, "\n")],
    ["a NUL further down", bytesOf("a,b\n1,\0\n")],
    ["a signature cut short", bytesOf(0x89, "PN")],
    ["markup in its cells", bytesOf("<b>name</b>,text\n1,<html>\n")],
    ["a name that only begins like markup", bytesOf("<html5>,<svgs>\n1,2\n")],
  ])("are let pass with %s", (_name, head) => {
    expect(refuseForeignBytes(head)).toBeNull();
  });
});
