using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;
using OrleansPayments.Benchmarks.Reporting;

namespace OrleansPayments.Benchmarks.Engine;

/// <summary>The engine's figures for people.</summary>
internal static class EngineConsole
{
    private const double GoalAgainstOrleans = 4;

    public static void PrintHead(EngineOptions options)
    {
        Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSArchitecture}; garbage collection: {(GCSettings.IsServerGC ? "server" : "workstation")}, {GCSettings.LatencyMode}");
        Console.WriteLine(Text($"{options.Rounds} rounds of {options.Window.Length.TotalSeconds:0.##} s after {options.Window.WarmUp.TotalSeconds:0.##} s (and {options.FirstWarmUp.TotalSeconds:0.##} s once), in turn; spread: over {EngineScenario.Spread} grains"));
    }

    public static void PrintProgress(int round, int rounds) => Console.WriteLine(round == 0 ? "warm" : Text($"round {round} of {rounds}"));

    public static void Print(EngineReport report)
    {
        Console.WriteLine();
        Console.WriteLine($"{"calls",-20}{"per second",13}   {"min–max",-24}{"CPU ns",7}{"bytes",7}   {"× mailbox",-19}× Orleans");
        foreach (var scenario in report.Options.Scenarios)
        {
            Console.WriteLine(scenario == EngineScenario.Activation ? $"{scenario.Name}; bytes kept by one that is idle" : scenario.Name);
            foreach (var contestant in report.Contestants)
            {
                if (report.Rate(scenario, contestant) is not { } rate) continue;
                var range = Text($"{rate.Least:#,0}–{rate.Most:#,0}");
                var row = Text($"  {contestant,-18}{rate.Median,13:#,0}   {range,-24}{report.Nanoseconds(scenario, contestant)!.Median,7:#,0}{report.Bytes(scenario, contestant)!.Median,7:#,0}   ");
                Console.WriteLine($"{row}{Ratio(report.Ratio(scenario, contestant, ContestantNames.Mailbox)),-19}{Ratio(report.Ratio(scenario, contestant, ContestantNames.Orleans))}".TrimEnd());
            }
        }

        Console.WriteLine();
        foreach (var contestant in (string[])[ContestantNames.Inline, ContestantNames.Queued])
        {
            if (report.Ratio(EngineScenario.Goal, contestant, ContestantNames.Orleans) is { } ratio)
                Console.WriteLine(Text($"{contestant} / Orleans, {EngineScenario.Goal.Name}: {Ratio(ratio)}; goal {GoalAgainstOrleans}, {(ratio.Median >= GoalAgainstOrleans ? "reached" : "not reached")}"));
        }
    }

    private static string Ratio(Spread? ratio) => ratio is null ? "" : Text($"{ratio.Median:0.00} ({ratio.Least:0.00}–{ratio.Most:0.00})");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
