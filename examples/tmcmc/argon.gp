# The samples of argon's parameters, beside both marginals; a cross where the synthetic data were made.
set terminal pngcairo size 1600,1000 font "DejaVu Sans,15" enhanced
set output "calibration.png"
set encoding utf8
set datafile separator comma

colour = 0x1F5A96
grey = 0x555555

set multiplot
set label 1 title_text at screen 0.06,0.955 left font ",20"
set border 3 linecolor rgb grey
set tics nomirror out textcolor rgb "#222222"
unset key

set lmargin at screen 0.06
set rmargin at screen 0.60
set tmargin at screen 0.91
set bmargin at screen 0.09
set grid linecolor rgb "#dddddd"
set xlabel "ε/k in K"
set ylabel "σ in Å" offset 0.5
set offsets graph 0.03, graph 0.03, graph 0.03, graph 0.03
plot "samples.csv" skip 1 using 1:2 with points pointtype 7 pointsize 0.7 linecolor rgb colour+0xB0000000, \
  "+" using (119.8):(3.405) every ::0::0 with points pointtype 2 pointsize 3 linewidth 3 linecolor rgb "#B03A2E"
unset label 1
unset offsets

unset grid
unset ylabel
unset ytics
set border 1
set style fill solid 0.55 noborder
set lmargin at screen 0.66
set rmargin at screen 0.97
bins_per_panel = 50
array symbol[2] = ["ε/k in K", "σ in Å"]
do for [i = 1:2] {
  set tmargin at screen 0.87 - 0.46 * (i - 1)
  set bmargin at screen 0.55 - 0.46 * (i - 1)
  set autoscale  # stats leaves out what is not in the ranges
  stats "samples.csv" skip 1 using i nooutput
  width = (STATS_max - STATS_min) / bins_per_panel
  set xrange [STATS_min - width : STATS_max + width]
  set yrange [0:*]
  set xlabel symbol[i]
  set title sprintf("%.4g  (%.4g … %.4g)", median[i], low[i], high[i]) offset 0,-0.4 textcolor rgb grey
  set arrow 1 from low[i], graph 0 to low[i], graph 1 nohead front dashtype 2 linewidth 1.5 linecolor rgb grey
  set arrow 2 from median[i], graph 0 to median[i], graph 1 nohead front linewidth 2 linecolor rgb grey
  set arrow 3 from high[i], graph 0 to high[i], graph 1 nohead front dashtype 2 linewidth 1.5 linecolor rgb grey
  plot "samples.csv" skip 1 using i bins=bins_per_panel binrange [STATS_min:STATS_max] with boxes linecolor rgb colour
}
unset multiplot
