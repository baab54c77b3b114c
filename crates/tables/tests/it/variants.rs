//! Variants.

use crate::support::split;
use clinical::{Left, Record};
use serde_json::Value;
use std::io::Write;
use tables::vcf::Vcf;

const VCF: &str = "##fileformat=VCFv4.2\n##reference=file:///hg38.fa\n\
##INFO=<ID=CSQ,Number=.,Type=String,Description=\"From VEP. Format: Allele|Consequence|SYMBOL|HGVSc\">\n\
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\tS2\n\
chr17\t43094464\trs1\tG\tA,C\t50.5\tPASS\tCSQ=A|missense|BRCA1|c.1A>G,C|x|BRCA1|c.2C>T\tGT:DP\t0/1:9\t1|2:8\n\
chrX\t100\t.\tT\tC\t.\tq10\tGENEINFO=ABC:1|DEF:2\tGT\t1\t./.\n\
chr1\t1\t.\tA\tG\t.\t.\tANN=G|x|HIGH|TP53|i|t|r|p|1|c.3A>G|p.Lys1Arg\tGT\t1/1\t0/0\n\
chr1\t2\t.\tA\tG\t.\t.\t.\tGT\t0/0\t./.\n\
chr1\tx\t.\tA\tG\t.\t.\t.\tGT\t0/0\t./.\n\
chr1\t3\t.\tA\n";

fn read(bytes: Vec<u8>) -> (Vec<(String, Record)>, Vec<Left>, tables::Count) {
    let mut vcf = Vcf::open(Box::new(std::io::Cursor::new(bytes)), "urn:oid:1.2").unwrap();
    let (said, left) = split(vcf.by_ref());
    (said, left, vcf.counted().clone())
}

fn component(record: &Record, code: &str) -> Value {
    let list = record.content["component"].as_array().unwrap();
    let found = list.iter().find(|one| one["code"]["coding"][0]["code"] == code).cloned().unwrap_or_default();
    found["valueCodeableConcept"].clone()
}

#[test]
fn each_sample_has_its_variants() {
    let (said, left, count) = read(VCF.into());
    let of = |at: usize| {
        let record = &said[at].1;
        let text = |code| component(record, code)["text"].as_str().unwrap_or_default().to_owned();
        let state = component(record, "53034-5")["coding"][0]["code"].as_str().unwrap_or_default().to_owned();
        (record.patient[0].value.clone(), text("48018-6"), text("48004-6"), text("81290-9"), state)
    };
    let row = |parts: [&str; 5]| {
        let [a, b, c, d, e] = parts.map(str::to_owned);
        (a, b, c, d, e)
    };
    assert_eq!(of(0), row(["S1", "BRCA1", "c.1A>G", "chr17:43094464:G>A", "LA6706-1"]));
    assert_eq!(of(1), row(["S2", "BRCA1", "c.1A>G", "chr17:43094464:G>A", "LA6706-1"]));
    assert_eq!(of(2), row(["S2", "BRCA1", "c.2C>T", "chr17:43094464:G>C", "LA6706-1"]));
    assert_eq!(of(3), row(["S1", "ABC", "chrX:100:T>C", "chrX:100:T>C", "LA6707-9"]));
    assert_eq!(of(4), row(["S1", "TP53", "c.3A>G", "chr1:1:A>G", "LA6705-3"]));
    assert_eq!(said[0].1.keys[0].value, "S1|GRCh38|chr17:43094464:G>A");
    assert_eq!((said[0].0.as_str(), said.len()), ("line 5.sample[0]", 5));
    let told: Vec<_> = left.iter().map(|one| (one.place.as_str(), one.refused)).collect();
    assert_eq!(told, [("line 8", false), ("line 9", true), ("line 10", true)]);
    assert_eq!((count.rows, count.read, count.kept, count.refused), (6, 3, 1, 2));
}

#[test]
fn gzip_in_several_members_is_the_same() {
    let mut zipped = Vec::new();
    for part in VCF.as_bytes().chunks(100) {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(part).unwrap();
        zipped.extend(encoder.finish().unwrap());
    }
    assert_eq!(read(zipped), read(VCF.into()));
}

#[test]
fn what_is_no_vcf_is_refused() {
    for text in ["", "a,b\n", "##fileformat=VCFv4.2\n", "##fileformat=VCFv4.2\n1\t2\n", "##fileformat=BCF\n"]
    {
        assert!(Vcf::open(Box::new(std::io::Cursor::new(text)), "s").is_err(), "{text}");
    }
}
