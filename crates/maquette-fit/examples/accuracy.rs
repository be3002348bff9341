use maquette_fit::{accuracy::accuracy, learn::Scheme, names::Names};
use maquette_catalog::{parse, SourceFile};
fn walk(d:&std::path::Path,prefix:String,out:&mut Vec<SourceFile>){for e in std::fs::read_dir(d).unwrap(){let e=e.unwrap();let n=e.file_name().into_string().unwrap();let p=e.path();if p.is_dir(){walk(&p,format!("{prefix}{n}/"),out)}else if n.ends_with(".toml")||n.ends_with(".csv"){out.push(SourceFile{path:format!("{prefix}{n}"),text:std::fs::read_to_string(p).unwrap()})}}}
fn main(){
    let mut files=vec![]; walk(std::path::Path::new("catalog"),String::new(),&mut files);
    let parsed=parse(&files);
    for p in parsed.problems.iter().take(10){eprintln!("{} {}",p.path,p.message)}
    let c=parsed.catalog; let names=Names::of(&c);
    let t=std::time::Instant::now();
    let (cases,l)=maquette_fit::estimate::cases(&c,&names,&c.runs);
    let mut lost=std::collections::BTreeMap::<String,usize>::new(); for (id,why) in l { let r=c.runs.iter().find(|r|r.id==id).unwrap(); *lost.entry(format!("{why}: {} on {}",r.model,r.gpu)).or_default()+=1; }
    eprintln!("{} cases of {} in {:?}",cases.len(),c.runs.len(),t.elapsed());
    let arg=std::env::args().nth(1).unwrap_or_default();
    if arg=="lost"{let mut v:Vec<_>=lost.into_iter().collect();v.sort_by_key(|x|std::cmp::Reverse(x.1));for (k,n) in v.iter().take(120){println!("{n} {k}")}return}
    let t=std::time::Instant::now();
    if arg=="worst"{
        let table=std::env::args().nth(2).unwrap(); let kind=std::env::args().nth(3).unwrap();
        let sch=match std::env::args().nth(4).as_deref(){Some("runs")=>Scheme::Runs,Some("model")=>Scheme::Model,_=>Scheme::ModelAndMachine};
        let mut h=maquette_fit::accuracy::runs(&cases,sch); h.retain(|h|h.table.as_str()==table&&h.kind==kind);
        h.sort_by(|a,b|b.off.abs().total_cmp(&a.off.abs()));
        for h in h.iter().take(70){let r=c.runs.iter().find(|r|r.id==h.id).unwrap();let k=cases.iter().find(|k|k.id==h.id).unwrap();println!("{:6.2} {:?} {} [{}] | {} | {} | {} | {} = {} formula {:.3e} meas {:.3e}",h.off.exp(),h.depth,r.model,k.subject.id,r.format,r.workload,r.engine.chars().take(60).collect::<String>(),r.gpu,r.value,k.formula,k.measured)}
        return}
    for scheme in [Scheme::Runs,Scheme::ModelAndMachine,Scheme::Model]{
        println!("== {scheme:?}");
        for l in accuracy(&cases,scheme){ if l.class=="all"||(l.rows>=20&&scheme==Scheme::ModelAndMachine){println!("{:8} {:7} {:16} n={:5} med={:.2} p90={:.2} ratio {:.2} {:.2} {:.2} within30={:.2} cover={:.2}",l.table.as_str(),l.kind,l.class,l.rows,l.median,l.p90,l.ratio[0],l.ratio[1],l.ratio[2],l.within,l.coverage)}}
    }
    eprintln!("{:?}",t.elapsed());
}
