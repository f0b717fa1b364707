/** Points and path of one extended Bravais lattice, in the reciprocal basis of the crystallographic primitive cell. */
type BandPath = {
  /** Definitions in terms of a, b, c, cosbeta, sinbeta of the conventional cell and of earlier ones. */
  readonly parameters: string
  /** Label and three coordinates. */
  readonly points: string
  /** Connected lines; `|` begins another. */
  readonly path: string
}

/** Tables 69 to 92 of Y. Hinuma, G. Pizzi, Y. Kumagai, F. Oba, I. Tanaka, Comput. Mater. Sci. 128, 140 (2017), doi:10.1016/j.commatsci.2016.10.015; compared with SeeK-path 2.2.2 point by point by `npm run trials -- --only kpath`. */
export const BAND_PATHS = {
  aP2: {
    parameters: '',
    points: 'GAMMA 0 0 0; Z 0 0 1/2; Y 0 1/2 0; X 1/2 0 0; V 1/2 1/2 0; U 1/2 0 1/2; T 0 1/2 1/2; R 1/2 1/2 1/2',
    path: 'GAMMA X | Y GAMMA Z | R GAMMA T | U GAMMA V',
  },
  aP3: {
    parameters: '',
    points:
      'GAMMA 0 0 0; Z 0 0 1/2; Y 0 1/2 0; Y_2 0 -1/2 0; X 1/2 0 0; V_2 1/2 -1/2 0; U_2 -1/2 0 1/2; ' +
      'T_2 0 -1/2 1/2; R_2 -1/2 -1/2 1/2',
    path: 'GAMMA X | Y GAMMA Z | R_2 GAMMA T_2 | U_2 GAMMA V_2',
  },
  cF1: {
    parameters: '',
    points: 'GAMMA 0 0 0; X 1/2 0 1/2; L 1/2 1/2 1/2; W 1/2 1/4 3/4; W_2 3/4 1/4 1/2; K 3/8 3/8 3/4; U 5/8 1/4 5/8',
    path: 'GAMMA X U | K GAMMA L W X W_2',
  },
  cF2: {
    parameters: '',
    points: 'GAMMA 0 0 0; X 1/2 0 1/2; L 1/2 1/2 1/2; W 1/2 1/4 3/4; W_2 3/4 1/4 1/2; K 3/8 3/8 3/4; U 5/8 1/4 5/8',
    path: 'GAMMA X U | K GAMMA L W X',
  },
  cI1: {
    parameters: '',
    points: 'GAMMA 0 0 0; H 1/2 -1/2 1/2; P 1/4 1/4 1/4; N 0 0 1/2',
    path: 'GAMMA H N GAMMA P H | P N',
  },
  cP1: {
    parameters: '',
    points: 'GAMMA 0 0 0; R 1/2 1/2 1/2; M 1/2 1/2 0; X 0 1/2 0; X_1 1/2 0 0',
    path: 'GAMMA X M GAMMA R X | R M X_1',
  },
  cP2: {
    parameters: '',
    points: 'GAMMA 0 0 0; R 1/2 1/2 1/2; M 1/2 1/2 0; X 0 1/2 0; X_1 1/2 0 0',
    path: 'GAMMA X M GAMMA R X | R M',
  },
  hP1: {
    parameters: '',
    points: 'GAMMA 0 0 0; A 0 0 1/2; K 1/3 1/3 0; H 1/3 1/3 1/2; H_2 1/3 1/3 -1/2; M 1/2 0 0; L 1/2 0 1/2',
    path: 'GAMMA M K GAMMA A L H A | L M | H K H_2',
  },
  hP2: {
    parameters: '',
    points: 'GAMMA 0 0 0; A 0 0 1/2; K 1/3 1/3 0; H 1/3 1/3 1/2; H_2 1/3 1/3 -1/2; M 1/2 0 0; L 1/2 0 1/2',
    path: 'GAMMA M K GAMMA A L H A | L M | H K',
  },
  hR1: {
    parameters: 'D = a*a/4/c/c; Y = 5/6-2*D; N = 1/3+D',
    points:
      'GAMMA 0 0 0; T 1/2 1/2 1/2; L 1/2 0 0; L_2 0 -1/2 0; L_4 0 0 -1/2; F 1/2 0 1/2; F_2 1/2 1/2 0; S_0 N -N 0; ' +
      'S_2 1-N 0 N; S_4 N 0 -N; S_6 1-N N 0; H_0 1/2 -1+Y 1-Y; H_2 Y 1-Y 1/2; H_4 Y 1/2 1-Y; H_6 1/2 1-Y -1+Y; ' +
      'M_0 N -1+Y N; M_2 1-N 1-Y 1-N; M_4 Y N N; M_6 1-N 1-N 1-Y; M_8 N N -1+Y',
    path: 'GAMMA T H_2 | H_0 L GAMMA S_0 | S_2 F GAMMA',
  },
  hR2: {
    parameters: 'Z = 1/6-c*c/9/a/a; H = 1/2-2*Z; N = 1/2+Z',
    points:
      'GAMMA 0 0 0; T 1/2 -1/2 1/2; P_0 H -1+H H; P_2 H H H; R_0 1-H -H -H; M 1-N -N 1-N; M_2 N -1+N -1+N; ' +
      'L 1/2 0 0; F 1/2 -1/2 0',
    path: 'GAMMA L T P_0 | P_2 GAMMA F',
  },
  mC1: {
    parameters:
      'Z = (2+a/c*cosbeta)/4/sinbeta/sinbeta; H = 1/2-2*Z*c*cosbeta/a; S = 3/4-b*b/4/a/a/sinbeta/sinbeta; ' +
      'P = S-(3/4-S)*a*cosbeta/c',
    points:
      'GAMMA 0 0 0; Y_2 -1/2 1/2 0; Y_4 1/2 -1/2 0; A 0 0 1/2; M_2 -1/2 1/2 1/2; V 1/2 0 0; V_2 0 1/2 0; ' +
      'L_2 0 1/2 1/2; C 1-S 1-S 0; C_2 -1+S S 0; C_4 S -1+S 0; D -1+P P 1/2; D_2 1-P 1-P 1/2; E -1+Z 1-Z 1-H; ' +
      'E_2 -Z Z H; E_4 Z -Z 1-H',
    path: 'GAMMA C | C_2 Y_2 GAMMA M_2 D | D_2 A GAMMA | L_2 GAMMA V_2',
  },
  mC2: {
    parameters:
      'Z = (a*a/b/b+(1+a/c*cosbeta)/sinbeta/sinbeta)/4; M = (1+a*a/b/b)/4; D = -a*c*cosbeta/2/b/b; ' +
      'X = 1/2-2*Z*c*cosbeta/a; P = 1+Z-2*M; S = X-2*D',
    points:
      'GAMMA 0 0 0; Y 1/2 1/2 0; A 0 0 1/2; M 1/2 1/2 1/2; V_2 0 1/2 0; L_2 0 1/2 1/2; F -1+P 1-P 1-S; ' +
      'F_2 1-P P S; F_4 P 1-P 1-S; H -Z Z X; H_2 Z 1-Z 1-X; H_4 Z -Z 1-X; G -M M D; G_2 M 1-M -D; G_4 M -M -D; ' +
      'G_6 1-M M D',
    path: 'GAMMA Y M A GAMMA | L_2 GAMMA V_2',
  },
  mC3: {
    parameters:
      'Z = (a*a/b/b+(1+a/c*cosbeta)/sinbeta/sinbeta)/4; R = 1-Z*b*b/a/a; E = 1/2-2*Z*c*cosbeta/a; ' +
      'F = E/2+a*a/4/b/b+a*c*cosbeta/2/b/b; U = 2*F-Z; W = c/2/a/cosbeta*(1-4*U+a*a*sinbeta*sinbeta/b/b); ' +
      'D = -1/4+W/2-Z*c*cosbeta/a',
    points:
      'GAMMA 0 0 0; Y 1/2 1/2 0; A 0 0 1/2; M_2 -1/2 1/2 1/2; V 1/2 0 0; V_2 0 1/2 0; L_2 0 1/2 1/2; ' +
      'I -1+R R 1/2; I_2 1-R 1-R 1/2; K -U U W; K_2 -1+U 1-U 1-W; K_4 1-U U W; H -Z Z E; H_2 Z 1-Z 1-E; ' +
      'H_4 Z -Z 1-E; N -F F D; N_2 F 1-F -D; N_4 F -F -D; N_6 1-F F D',
    path: 'GAMMA A I_2 | I M_2 GAMMA Y | L_2 GAMMA V_2',
  },
  mP1: {
    parameters: 'Y = (1+a/c*cosbeta)/2/sinbeta/sinbeta; N = 1/2+Y*c*cosbeta/a',
    points:
      'GAMMA 0 0 0; Z 0 1/2 0; B 0 0 1/2; B_2 0 0 -1/2; Y 1/2 0 0; Y_2 -1/2 0 0; C 1/2 1/2 0; C_2 -1/2 1/2 0; ' +
      'D 0 1/2 1/2; D_2 0 1/2 -1/2; A -1/2 0 1/2; E -1/2 1/2 1/2; H -Y 0 1-N; H_2 -1+Y 0 N; H_4 -Y 0 -N; ' +
      'M -Y 1/2 1-N; M_2 -1+Y 1/2 N; M_4 -Y 1/2 -N',
    path: 'GAMMA Z D B GAMMA A E Z C_2 Y_2 GAMMA',
  },
  oA1: {
    parameters: 'X = (1+b*b/c/c)/4',
    points:
      'GAMMA 0 0 0; Y -1/2 1/2 0; T -1/2 1/2 1/2; Z 0 0 1/2; S 0 1/2 0; R 0 1/2 1/2; SIGMA_0 X X 0; C_0 -X 1-X 0; ' +
      'A_0 X X 1/2; E_0 -X 1-X 1/2',
    path: 'GAMMA Y C_0 | SIGMA_0 GAMMA Z A_0 | E_0 T Y | GAMMA S R Z T',
  },
  oA2: {
    parameters: 'X = (1+c*c/b/b)/4',
    points:
      'GAMMA 0 0 0; Y 1/2 1/2 0; T 1/2 1/2 1/2; T_2 1/2 1/2 -1/2; Z 0 0 1/2; Z_2 0 0 -1/2; S 0 1/2 0; ' +
      'R 0 1/2 1/2; R_2 0 1/2 -1/2; DELTA_0 -X X 0; F_0 X 1-X 0; B_0 -X X 1/2; B_2 -X X -1/2; G_0 X 1-X 1/2; ' +
      'G_2 X 1-X -1/2',
    path: 'GAMMA Y F_0 | DELTA_0 GAMMA Z B_0 | G_0 T Y | GAMMA S R Z T',
  },
  oC1: {
    parameters: 'X = (1+a*a/b/b)/4',
    points:
      'GAMMA 0 0 0; Y -1/2 1/2 0; T -1/2 1/2 1/2; Z 0 0 1/2; S 0 1/2 0; R 0 1/2 1/2; SIGMA_0 X X 0; C_0 -X 1-X 0; ' +
      'A_0 X X 1/2; E_0 -X 1-X 1/2',
    path: 'GAMMA Y C_0 | SIGMA_0 GAMMA Z A_0 | E_0 T Y | GAMMA S R Z T',
  },
  oC2: {
    parameters: 'X = (1+b*b/a/a)/4',
    points:
      'GAMMA 0 0 0; Y 1/2 1/2 0; T 1/2 1/2 1/2; T_2 1/2 1/2 -1/2; Z 0 0 1/2; Z_2 0 0 -1/2; S 0 1/2 0; ' +
      'R 0 1/2 1/2; R_2 0 1/2 -1/2; DELTA_0 -X X 0; F_0 X 1-X 0; B_0 -X X 1/2; B_2 -X X -1/2; G_0 X 1-X 1/2; ' +
      'G_2 X 1-X -1/2',
    path: 'GAMMA Y F_0 | DELTA_0 GAMMA Z B_0 | G_0 T Y | GAMMA S R Z T',
  },
  oF1: {
    parameters: 'J = (1+a*a/b/b-a*a/c/c)/4; H = (1+a*a/b/b+a*a/c/c)/4',
    points:
      'GAMMA 0 0 0; T 1 1/2 1/2; Z 1/2 1/2 0; Y 1/2 0 1/2; SIGMA_0 0 H H; U_0 1 1-H 1-H; A_0 1/2 1/2+J J; ' +
      'C_0 1/2 1/2-J 1-J; L 1/2 1/2 1/2',
    path: 'GAMMA Y T Z GAMMA SIGMA_0 | U_0 T | Y C_0 | A_0 Z | GAMMA L',
  },
  oF2: {
    parameters: 'J = (1+c*c/a/a-c*c/b/b)/4; K = (1+c*c/a/a+c*c/b/b)/4',
    points:
      'GAMMA 0 0 0; T 0 1/2 1/2; Z 1/2 1/2 1; Y 1/2 0 1/2; LAMBDA_0 K K 0; Q_0 1-K 1-K 1; G_0 1/2-J 1-J 1/2; ' +
      'H_0 1/2+J J 1/2; L 1/2 1/2 1/2',
    path: 'GAMMA T Z Y GAMMA LAMBDA_0 | Q_0 Z | T G_0 | H_0 Y | GAMMA L',
  },
  oF3: {
    parameters: 'H = (1+a*a/b/b-a*a/c/c)/4; K = (1+b*b/a/a-b*b/c/c)/4; P = (1+c*c/b/b-c*c/a/a)/4',
    points:
      'GAMMA 0 0 0; T 0 1/2 1/2; Z 1/2 1/2 0; Y 1/2 0 1/2; A_0 1/2 1/2+H H; C_0 1/2 1/2-H 1-H; B_0 1/2+K 1/2 K; ' +
      'D_0 1/2-K 1/2 1-K; G_0 P 1/2+P 1/2; H_0 1-P 1/2-P 1/2; L 1/2 1/2 1/2',
    path: 'GAMMA Y C_0 | A_0 Z B_0 | D_0 T G_0 | H_0 Y | T GAMMA Z | GAMMA L',
  },
  oI1: {
    parameters: 'Z = (1+a*a/c/c)/4; H = (1+b*b/c/c)/4; D = (b*b-a*a)/4/c/c; N = (a*a+b*b)/4/c/c',
    points:
      'GAMMA 0 0 0; X 1/2 1/2 -1/2; S 1/2 0 0; R 0 1/2 0; T 0 0 1/2; W 1/4 1/4 1/4; SIGMA_0 -Z Z Z; F_2 Z 1-Z -Z; ' +
      'Y_0 H -H H; U_0 1-H H -H; L_0 -N N 1/2-D; M_0 N -N 1/2+D; J_0 1/2-D 1/2+D -N',
    path: 'GAMMA X F_2 | SIGMA_0 GAMMA Y_0 | U_0 X | GAMMA R W S GAMMA T W',
  },
  oI2: {
    parameters: 'Z = (1+b*b/a/a)/4; H = (1+c*c/a/a)/4; D = (c*c-b*b)/4/a/a; N = (b*b+c*c)/4/a/a',
    points:
      'GAMMA 0 0 0; X -1/2 1/2 1/2; S 1/2 0 0; R 0 1/2 0; T 0 0 1/2; W 1/4 1/4 1/4; Y_0 Z -Z Z; U_2 -Z Z 1-Z; ' +
      'LAMBDA_0 H H -H; G_2 -H 1-H H; K 1/2-D -N N; K_2 1/2+D N -N; K_4 -N 1/2-D 1/2+D',
    path: 'GAMMA X U_2 | Y_0 GAMMA LAMBDA_0 | G_2 X | GAMMA R W S GAMMA T W',
  },
  oI3: {
    parameters: 'Z = (1+c*c/b/b)/4; Y = (1+a*a/b/b)/4; D = (a*a-c*c)/4/b/b; M = (c*c+a*a)/4/b/b',
    points:
      'GAMMA 0 0 0; X 1/2 -1/2 1/2; S 1/2 0 0; R 0 1/2 0; T 0 0 1/2; W 1/4 1/4 1/4; SIGMA_0 -Y Y Y; F_0 Y -Y 1-Y; ' +
      'LAMBDA_0 Z Z -Z; G_0 1-Z -Z Z; V_0 M 1/2-D -M; H_0 -M 1/2+D M; H_2 1/2+D -M 1/2-D',
    path: 'GAMMA X F_0 | SIGMA_0 GAMMA LAMBDA_0 | G_0 X | GAMMA R W S GAMMA T W',
  },
  oP1: {
    parameters: '',
    points: 'GAMMA 0 0 0; X 1/2 0 0; Z 0 0 1/2; U 1/2 0 1/2; Y 0 1/2 0; S 1/2 1/2 0; T 0 1/2 1/2; R 1/2 1/2 1/2',
    path: 'GAMMA X S Y GAMMA Z U R T Z | X U | Y T | S R',
  },
  tI1: {
    parameters: 'H = (1+c*c/a/a)/4',
    points: 'GAMMA 0 0 0; M -1/2 1/2 1/2; X 0 0 1/2; P 1/4 1/4 1/4; Z H H -H; Z_0 -H 1-H H; N 0 1/2 0',
    path: 'GAMMA X M GAMMA Z | Z_0 M | X P N GAMMA',
  },
  tI2: {
    parameters: 'H = (1+a*a/c/c)/4; Z = a*a/2/c/c',
    points:
      'GAMMA 0 0 0; M 1/2 1/2 -1/2; X 0 0 1/2; P 1/4 1/4 1/4; N 0 1/2 0; S_0 -H H H; S H 1-H -H; R -Z Z 1/2; ' + 'G 1/2 1/2 -Z',
    path: 'GAMMA X P N GAMMA M S | S_0 GAMMA | X R | G M',
  },
  tP1: {
    parameters: '',
    points: 'GAMMA 0 0 0; Z 0 0 1/2; M 1/2 1/2 0; A 1/2 1/2 1/2; R 0 1/2 1/2; X 0 1/2 0',
    path: 'GAMMA X M GAMMA Z R A Z | X R | M A',
  },
} as const satisfies Readonly<Record<string, BandPath>>
