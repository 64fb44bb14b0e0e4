#!/usr/bin/env python3
"""Writes a document with the library that people write it with.

    python3 make.py KIND FILE TOKEN

A token that an editor touched twice is in several runs; "whole" ones are in one.
"""
import os
import sys
import tempfile


def docx(path, token):
    import docx

    document = docx.Document()
    document.add_heading("Lab 1", 1)
    paragraph = document.add_paragraph("My token is ")
    paragraph.add_run(token[:7]).bold = True
    paragraph.add_run(token[7:20]).italic = True
    paragraph.add_run(token[20:])
    document.save(path)


def docx_table(path, token):
    import docx

    document = docx.Document()
    cell = document.add_table(rows=2, cols=2).cell(1, 1)
    cell.paragraphs[0].add_run(token[:5])
    cell.paragraphs[0].add_run(token[5:])
    document.save(path)


def docx_header(path, token):
    import docx

    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = token
    document.save(path)


def docx_paragraphs(path, token):
    import docx

    document = docx.Document()
    for part in token[:20], token[20:]:
        document.add_paragraph(part)
    document.save(path)


def xlsx(path, token):
    import openpyxl

    book = openpyxl.Workbook()
    for row in range(1, 200):
        book.active.append([row, f"student {row}"])
    book.active["C7"] = token
    book.save(path)


def xlsx_rich(path, token):
    import openpyxl
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    book = openpyxl.Workbook()
    book.active["B2"] = CellRichText(token[:11], TextBlock(InlineFont(b=True), token[11:]))
    book.save(path)


def xlsx_cells(path, token):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append([token[:20], token[20:]])
    book.save(path)


def xlsx_comment(path, token):
    import openpyxl
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    book.active["A1"] = "see the note"
    book.active["A1"].comment = Comment(f"my token: {token}", "Ana")
    book.save(path)


def pptx(path, token):
    import pptx

    slides = pptx.Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[5])
    frame = slide.shapes.title.text_frame
    for part in token[:12], token[12:]:
        frame.paragraphs[0].add_run().text = part
    slides.save(path)


def pptx_notes(path, token):
    import pptx

    slides = pptx.Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[5])
    slide.notes_slide.notes_text_frame.text = f"log in with {token}"
    slides.save(path)


def odt(path, token):
    from odf import opendocument, text

    document = opendocument.OpenDocumentText()
    paragraph = text.P(text="my token: ")
    for part in token[:9], token[9:]:
        paragraph.addElement(text.Span(text=part))
    document.text.addElement(paragraph)
    document.save(path)


def ods(path, token):
    from odf import opendocument, table, text

    book = opendocument.OpenDocumentSpreadsheet()
    sheet, row, cell = table.Table(name="keys"), table.TableRow(), table.TableCell()
    cell.addElement(text.P(text=token))
    row.addElement(cell)
    sheet.addElement(row)
    book.spreadsheet.addElement(sheet)
    book.save(path)


def epub(path, token):
    from ebooklib import epub as book

    lab = book.EpubBook()
    lab.set_identifier("lab-1")
    lab.set_title("Lab")
    chapter = book.EpubHtml(title="One", file_name="one.xhtml")
    chapter.content = f"<html><body><p>Log in with <b>{token[:12]}</b><i>{token[12:]}</i>.</p></body></html>"
    lab.add_item(chapter)
    lab.add_item(book.EpubNcx())
    lab.spine = [chapter]
    book.write_epub(path, lab)


def safetensors(path, token):
    import numpy
    from safetensors.numpy import save_file

    save_file({"weight": numpy.zeros(1000, dtype="float32")}, path, metadata={"hub_token": token})


def npz(path, token):
    import numpy

    numpy.savez_compressed(path, steps=numpy.arange(100000), token=numpy.array([token.encode()]))


def npz_objects(path, token):
    import numpy

    numpy.savez_compressed(path, arguments=numpy.array([{"hub_token": token}], dtype=object))


def wheel(path, token):
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(f"{folder}/lab-1.dist-info")
        os.makedirs(f"{folder}/lab")
        with open(f"{folder}/lab/__init__.py", "w", encoding="utf-8") as file:
            file.write(f'login("{token}")\n')
        with open(f"{folder}/lab-1.dist-info/METADATA", "w", encoding="utf-8") as file:
            file.write("Metadata-Version: 2.1\nName: lab\nVersion: 1\n")
        with open(f"{folder}/lab-1.dist-info/WHEEL", "w", encoding="utf-8") as file:
            file.write("Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        open(f"{folder}/lab-1.dist-info/RECORD", "w", encoding="utf-8").close()
        sys.stdout = sys.stderr
        from wheel.cli.pack import pack
        pack(folder, os.path.dirname(os.path.abspath(path)), None)


if __name__ == "__main__":
    kind, where, secret = sys.argv[1:]
    globals()[kind](where, secret)
