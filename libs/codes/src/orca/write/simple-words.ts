// Words of ORCA's simple input line (versions 4.2 to 6.0). ORCA stops at a word that it does not know, but only once the job has waited in the queue.

const list = (text: string): readonly string[] => text.trim().split(/\s+/)

/** Methods: wave functions, functionals, semi-empirics. */
export const METHODS = list(`
HF RHF UHF ROHF RKS UKS ROKS HF-3c B97-3c PBEh-3c r2SCAN-3c wB97X-3c B3LYP-3c GFN0-xTB GFN1-xTB GFN2-xTB GFN-FF XTB XTB1 XTB2 Native-GFN-xTB Native-GFN1-xTB Native-GFN2-xTB
LDA LSD VWN VWN3 VWN5 PWLDA BP86 BP BLYP OLYP GLYP XLYP PW91 mPWPW mPWLYP PBE RPBE REVPBE RPW86PBE PWP B97-D B97-D3 TPSS REVTPSS SCAN rSCAN r2SCAN M06L M06-L B97M-V B97M-D3BJ B97M-D4
B1LYP B3LYP B3LYP/G O3LYP X3LYP B1P B3P B3PW PW1PW mPW1PW mPW1LYP PBE0 REVPBE0 REVPBE38 BHANDHLYP BHLYP PW6B95 TPSSh TPSS0 r2SCANh r2SCAN0 r2SCAN50 M06 M062X M06-2X
wB97 wB97X wB97X-D3 wB97X-D3BJ wB97X-D4 wB97X-D4rev wB97X-V wB97M-V wB97M-D3BJ wB97M-D4 wB97M-D4rev CAM-B3LYP LC-BLYP LC-PBE LRC-PBE LRC-wPBEh
B2PLYP mPW2PLYP B2GP-PLYP B2K-PLYP B2T-PLYP PWPB95 PBE-QIDH PBE0-DH DSD-BLYP DSD-PBEP86 DSD-PBEB95 B2NC-PLYP wB2PLYP wB2GP-PLYP RSX-QIDH RSX-0DH wB88PP86 wPBEPP86 SCS-B2GP-PLYP21 Pr2SCAN50 Pr2SCAN69 kPr2SCAN50 wPr2SCAN50 revDSD-PBEP86-D4/2021 revDSD-PBEP86/2021 revDOD-PBEP86/2021 revDOD-PBEP86-D4/2021
RI-B2PLYP RI-B2GP-PLYP RI-PWPB95 RI-DSD-PBEP86
MP2 RI-MP2 SCS-MP2 RI-SCS-MP2 SOS-MP2 RI-SOS-MP2 OO-RI-MP2 OO-RI-SCS-MP2 OO-RI-SOS-MP2 MP2-F12 F12-MP2 MP2-F12-RI F12-RI-MP2 F12/D-RI-MP2 DLPNO-MP2 DLPNO-SCS-MP2 DLPNO-MP2-F12 MP3 SCS-MP3 MP4 MP4(SDQ)
CCSD CCSD(T) CCSD-F12 CCSD(T)-F12 CCSD-F12/RI CCSD(T)-F12/RI CCSD(T)-F12D/RI CEPA/1 NCEPA/1 CPF/1 NCPF/1 QCISD QCISD(T) CISD MRCI MRCI+Q MRACPF MRAQCC MRDDCI1 MRDDCI2 MRDDCI3 SORCI NEVPT2 SC-NEVPT2 FIC-NEVPT2 DLPNO-NEVPT2 CASPT2 CASPT2K CASSCF FIC-MRCI FIC-ACPF FIC-AQCC DMRG
DLPNO-CCSD DLPNO-CCSD(T) DLPNO-CCSD(T1) DLPNO-CCSD-F12 DLPNO-CCSD(T)-F12 DLPNO-CCSD(T1)-F12 LPNO-CCSD LPNO-CEPA/1 DLPNO-QCISD DLPNO-CEPA/1 EOM-CCSD IP-EOM-CCSD EA-EOM-CCSD STEOM-CCSD STEOM-DLPNO-CCSD BT-PNO-IP-EOM-CCSD bt-PNO-EOM-CCSD ADC2 CIS(D)
AM1 PM3 MNDO ZINDO/S ZINDO/1 ZINDO/2 NDDO/1 NDDO/2 CNDO INDO MM PAModel`)

/** Orbital basis sets. */
export const BASIS_SETS = list(`
STO-3G MINI MINIS MINIX MIDI 3-21G 3-21GSP 4-22GSP 6-31G 6-31G* 6-31G** 6-31G(d) 6-31G(d,p) 6-31+G 6-31+G* 6-31+G** 6-31+G(d) 6-31+G(d,p) 6-31++G 6-31++G** 6-31++G(d,p) m6-31G m6-31G*
6-311G 6-311G* 6-311G** 6-311G(d) 6-311G(d,p) 6-311G(2d,p) 6-311G(2d,2p) 6-311G(2df,2pd) 6-311G(3df,3pd) 6-311+G 6-311+G* 6-311+G** 6-311+G(d,p) 6-311+G(2d,p) 6-311+G(2d,2p) 6-311++G** 6-311++G(d,p) 6-311++G(2d,2p) 6-311++G(3df,3pd)
SV SV(P) SVP TZV TZVP TZVPP QZVP QZVPP def2-SV(P) def2-SVP def2-SVPD def2-TZVP def2-TZVP(-f) def2-TZVPD def2-TZVPP def2-TZVPPD def2-QZVP def2-QZVPD def2-QZVPP def2-QZVPPD def2-mSVP def2-mTZVP def2-mTZVPP ma-def2-SVP ma-def2-SV(P) ma-def2-TZVP ma-def2-TZVP(-f) ma-def2-TZVPP ma-def2-QZVP ma-def2-QZVPP vDZP
x2c-SV(P)all x2c-SVPall x2c-TZVPall x2c-TZVPPall x2c-QZVPall x2c-QZVPPall DKH-SVP DKH-TZVP DKH-QZVP DKH-def2-SVP DKH-def2-TZVP DKH-def2-TZVP(-f) DKH-def2-TZVPP DKH-def2-QZVPP ZORA-def2-SVP ZORA-def2-TZVP ZORA-def2-TZVP(-f) ZORA-def2-TZVPP ZORA-def2-QZVPP ma-ZORA-def2-SVP ma-ZORA-def2-TZVP SARC-DKH-SVP SARC-DKH-TZVP SARC-DKH-TZVPP SARC-ZORA-SVP SARC-ZORA-TZVP SARC-ZORA-TZVPP SARC2-DKH-QZV SARC2-DKH-QZVP SARC2-ZORA-QZV SARC2-ZORA-QZVP
cc-pVDZ cc-pVTZ cc-pVQZ cc-pV5Z cc-pV6Z aug-cc-pVDZ aug-cc-pVTZ aug-cc-pVQZ aug-cc-pV5Z aug-cc-pV6Z cc-pCVDZ cc-pCVTZ cc-pCVQZ cc-pCV5Z cc-pwCVDZ cc-pwCVTZ cc-pwCVQZ cc-pwCV5Z aug-cc-pCVDZ aug-cc-pCVTZ aug-cc-pwCVDZ aug-cc-pwCVTZ aug-cc-pwCVQZ cc-pVDZ-PP cc-pVTZ-PP cc-pVQZ-PP aug-cc-pVDZ-PP aug-cc-pVTZ-PP aug-cc-pVQZ-PP cc-pVD(+d)Z cc-pVT(+d)Z cc-pVQ(+d)Z cc-pVDZ-DK cc-pVTZ-DK cc-pVQZ-DK aug-cc-pVDZ-DK aug-cc-pVTZ-DK cc-pVDZ-F12 cc-pVTZ-F12 cc-pVQZ-F12
pc-0 pc-1 pc-2 pc-3 pc-4 aug-pc-1 aug-pc-2 aug-pc-3 pcseg-0 pcseg-1 pcseg-2 pcseg-3 pcseg-4 aug-pcseg-1 aug-pcseg-2 aug-pcseg-3 pcSseg-1 pcSseg-2 pcSseg-3 pcJ-1 pcJ-2 pcJ-3 EPR-II EPR-III IGLO-II IGLO-III ANO-pVDZ ANO-pVTZ ANO-pVQZ ANO-RCC-DZP ANO-RCC-TZP ANO-SZ LANL2DZ LANL2TZ LANL08 LANL2TZ(f) SDD D95 D95p DZ(Dunning) DZP(Dunning) haV(D+d)Z haV(T+d)Z Sapporo-DZP-2012 Sapporo-TZP-2012`)

/** Auxiliary basis sets. */
export const AUXILIARY_SETS = list(`
def2/J SARC/J x2c/J def2/JK def2/JKsmall cc-pVTZ/JK cc-pVQZ/JK cc-pV5Z/JK aug-cc-pVTZ/JK aug-cc-pVQZ/JK def2-SVP/C def2-TZVP/C def2-TZVPP/C def2-QZVPP/C def2-TZVPD/C def2-TZVPPD/C def2-QZVPPD/C def2-SVPD/C def2-QZVP/C
cc-pVDZ/C cc-pVTZ/C cc-pVQZ/C cc-pV5Z/C aug-cc-pVDZ/C aug-cc-pVTZ/C aug-cc-pVQZ/C aug-cc-pV5Z/C cc-pwCVDZ/C cc-pwCVTZ/C cc-pwCVQZ/C cc-pVDZ-PP/C cc-pVTZ-PP/C cc-pVDZ-F12-CABS cc-pVTZ-F12-CABS cc-pVQZ-F12-CABS cc-pVDZ-F12-MP2Fit cc-pVTZ-F12-MP2Fit AutoAux NoAutoAux`)

/** Everything else: run types, SCF, grids, RI, dispersion, relativity, output. */
const OTHERS = list(`
SP Energy Opt COpt ZOpt GDIIS-COpt GDIIS-ZOpt GDIIS-Opt OptTS ScanTS OptH Freq NumFreq AnFreq EnGrad NumGrad Hess IRC MD NEB NEB-CI NEB-TS FAST-NEB-TS ZOOM-NEB-TS TIGHT-NEB-TS LOOSE-NEB-TS LooseOpt NormalOpt TightOpt VeryTightOpt CrudeOpt L-Opt L-OptH RigidBodyOpt PrintHess NMR EPRNMR GOAT GOAT-REACT SOLVATOR DOCKER SurfCrossOpt SurfCrossNumFreq MECP PAL2 PAL3 PAL4 PAL5 PAL6 PAL7 PAL8
SloppySCF LooseSCF NormalSCF StrongSCF TightSCF VeryTightSCF ExtremeSCF SCFConv6 SCFConv7 SCFConv8 SCFConv9 SCFConv10 SlowConv VerySlowConv NormalConv EasyConv DIIS NoDIIS KDIIS SOSCF NoSOSCF TRAH NoTRAH AutoTRAH NoAutoTRAH NRSCF AHSCF LevelShift NoLevelShift Damp NoDamp SmearTemp FracOcc CNVZerner UNO UCO NoIter Stable ForceConv AllowRHF MORead AutoStart NoAutoStart PModel PAtom Hueckel HCore DirectSCF ConvSCF SemiDirect NoMOM DeltaSCF
Grid0 Grid1 Grid2 Grid3 Grid4 Grid5 Grid6 Grid7 NoFinalGrid FinalGrid4 FinalGrid5 FinalGrid6 FinalGrid7 GridX3 GridX4 GridX5 GridX6 GridX7 GridX8 GridX9 DefGrid1 DefGrid2 DefGrid3
RI NoRI RIJCOSX NoCOSX COSX RIJK RIJONX RIJDX RI-JK RI-JCOSX SplitRIJ NoSplitRIJ RIJCOSX-MP2
D2 D3 D30 D3BJ D3Zero D3TZ D4 D4REV VV10 NL SCNL NoVV10 ABC gCP gCP(DFT/SVP) gCP(DFT/TZ) DFT-C
CPCM CPCM(water) CPCMC SMD SMD(water) COSMO COSMORS ALPB DDCOSMO CPCMX
ZORA ZORA/RI DKH DKH2 IORA IORA/RI X2C NoRel ZORA_Atom DLU
FrozenCore NoFrozenCore FullCore LoosePNO NormalPNO TightPNO VeryTightPNO CIM NoPrefer AllowDLPNO
Mulliken NoMulliken Loewdin NoLoewdin Mayer NoMayer NPA NBO NoPop AllPop Hirshfeld NoHirshfeld MBIS CHELPG AIM ReducedPOP NoReducedPOP PrintBasis PrintMOs NormalPrint MiniPrint SmallPrint LargePrint NoPropFile KeepInts NoKeepInts KeepDens NoKeepDens KeepTransDensity Decontract DecontractBas DecontractAux NoCartesians Bohrs Angs UseSym NoUseSym UseGramsSym QM/MM QM/XTB QM/QM2 Crystal-QMMM UNITMATRIX RHFGUESS PDBFile XYZFile NOITER ESD(ABS) ESD(FLUOR) ESD(PHOSP) ESD(ISC) RELSCF NoSym CCSDT VPT2 Compound ExtOpt ExtremeOpt NumNACME`)

/** Lower case → as ORCA's manual writes it. */
export const SIMPLE_WORDS: ReadonlyMap<string, string> = new Map(
  [...METHODS, ...BASIS_SETS, ...AUXILIARY_SETS, ...OTHERS].map((word) => [word.toLowerCase(), word] as const),
)

/** Names of `%` blocks. */
export const BLOCKS: readonly string[] = list(`
autoci basis casscf casresp chelpg cim cipsi cis coords compound conical cosmo cosmors cpcm dcdcas docker eda ecp elprop eprnmr esd esm frag freq geom goat ice-ci iceci irc loc mcrpa md mdci method mm moinp mp2 mrcc mrci mtr nbo ndoparas neb numgrad nox output pal paras pdd plots qmmm rel rocis rr scf shark solvator symmetry sym sqm tddft trah vpt2 xes xtb maxcore base`)
