using System.Globalization;
using OrleansPayments.Simulation.Planted;

namespace OrleansPayments.Simulation.Running;

/// <summary>What <c>./run simulate</c> was asked for.</summary>
internal sealed class SimulateOptions
{
    public const int MostSeeds = 100_000_000;

    public static string Usage { get; } =
        $"""
        usage: ./run simulate [--seeds N] [--from S] [--threads T] [--failures F] [--bug NAME]
               ./run simulate --seed S [--trace] [--bug NAME]

          --seeds N      how many seeds to run, one after another from the first (1000)
          --from S       the first seed (1)
          --threads T    how many seeds at a time (the number of processors)
          --failures F   stop after so many seeds have failed (5)
          --seed S       run this one and show what happened in the end
          --trace        show all of it
          --bug NAME     with a bug planted on purpose: {string.Join(", ", PlantedBug.All.Select(bug => bug.Name))}

        Runs the whole system (payments, routing, connectors, merchants) on one thread per seed, in virtual time, with a journal and providers that fail and a silo
        that crashes as the seed says, and checks the books when all has come to rest. Exit code: 0 all good, 1 a seed failed, 2 wrong usage.
        """;

    public ulong First { get; private init; } = 1;

    public int Count { get; private init; } = 1000;

    public int Threads { get; private init; } = Environment.ProcessorCount;

    public int MostFailures { get; private init; } = 5;

    /// <summary>The only seed to run; null for many.</summary>
    public ulong? Single { get; private init; }

    public bool ShowAll { get; private init; }

    public PlantedBug Bug { get; private init; } = PlantedBug.None;

    /// <exception cref="FormatException">An argument is unknown, lacks its value or is out of range; the message says which.</exception>
    public static SimulateOptions Parse(IReadOnlyList<string> arguments)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            if (name is "--trace") values[name] = "";
            else if (name is not ("--seeds" or "--from" or "--threads" or "--failures" or "--seed" or "--bug")) throw new FormatException($"unknown argument '{name}'");
            else if (i + 1 == arguments.Count) throw new FormatException($"{name} needs a value");
            else values[name] = arguments[++i];
        }

        return new SimulateOptions
        {
            First = values.TryGetValue("--from", out var from) ? Seed("--from", from) : 1,
            Count = Number(values, "--seeds", 1000, MostSeeds),
            Threads = Number(values, "--threads", Environment.ProcessorCount, 256),
            MostFailures = Number(values, "--failures", 5, 1000),
            Single = values.TryGetValue("--seed", out var single) ? Seed("--seed", single) : null,
            ShowAll = values.ContainsKey("--trace"),
            Bug = !values.TryGetValue("--bug", out var bug) ? PlantedBug.None
                : PlantedBug.Find(bug) ?? throw new FormatException($"--bug knows no '{bug}'; it knows {string.Join(", ", PlantedBug.All.Select(known => known.Name))}"),
        };
    }

    private static ulong Seed(string name, string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : throw new FormatException($"{name} must be a number from 0 to {ulong.MaxValue}, not '{text}'");

    private static int Number(Dictionary<string, string> values, string name, int otherwise, int most)
    {
        if (!values.TryGetValue(name, out var text)) return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw new FormatException($"{name} must be a number from 1 to {most}, not '{text}'");
    }
}
