using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OrleansPayments.Benchmarks.Engine;

/// <summary>How long to measure the engine.</summary>
internal sealed record EngineOptions
{
    public const string Usage = """
        usage: ./run bench engine [--rounds N] [--seconds S] [--warm-up S] [--first-warm-up S] [--only TEXT] [--contestant TEXT]
                                [--json FILE]

        Grain calls per second and bytes per call: the embedded engine, inline and queued, next to a bare mailbox and to Orleans, if its packages restore.

          --rounds N         how often each is measured, in turn (5; 1 to 100)
          --seconds S        length of one measurement (0.25; 0.05 to 60)
          --warm-up S        load before it that does not count (0.05; 0 to 60)
          --first-warm-up S  the same once at the beginning, where the code is still being compiled (0.5; 0 to 60)
          --only TEXT        only the scenarios whose name contains this, such as "64 callers, spread"
          --contestant TEXT  only those whose name contains this, such as "queued"; for a profiler
          --json FILE        writes the figures there, too

        Exit code 0: measured, whatever came out; 2: nothing was measured.
        """;

    public int Rounds { get; private set; } = 5;

    public EngineWindow Window { get; private set; } = new(TimeSpan.FromSeconds(0.05), TimeSpan.FromSeconds(0.25));

    public TimeSpan FirstWarmUp { get; private set; } = TimeSpan.FromSeconds(0.5);

    public IReadOnlyList<EngineScenario> Scenarios { get; private set; } = EngineScenario.All;

    /// <summary>Part of the names of those that are measured.</summary>
    public string Contestant { get; private set; } = "";

    public string? JsonFile { get; private set; }

    /// <summary>This program as built for Orleans; null when there is none, or this is it.</summary>
    public string? OrleansProgram { get; private set; }

    public static bool TryParse(string[] args, [NotNullWhen(true)] out EngineOptions? options, [NotNullWhen(false)] out string? problem)
    {
        options = new EngineOptions();
        problem = null;
        for (var i = 0; i < args.Length && problem is null; i += 2)
        {
            var value = args.ElementAtOrDefault(i + 1);
            if (value is null || !options.Set(args[i], value)) problem = $"'{args[i]} {value}' is not understood.\n{Usage}";
        }

        if (problem is not null) options = null;
        return options is not null;
    }

    private bool Set(string name, string value)
    {
        switch (name)
        {
            case "--rounds":
                return TryNumber(value, 1, 100, rounds => Rounds = (int)rounds);
            case "--seconds":
                return TryNumber(value, 0.05, 60, seconds => Window = Window with { Length = TimeSpan.FromSeconds(seconds) });
            case "--warm-up":
                return TryNumber(value, 0, 60, seconds => Window = Window with { WarmUp = TimeSpan.FromSeconds(seconds) });
            case "--first-warm-up":
                return TryNumber(value, 0, 60, seconds => FirstWarmUp = TimeSpan.FromSeconds(seconds));
            case "--only":
                Scenarios = [.. EngineScenario.All.Where(scenario => scenario.Name.Contains(value, StringComparison.OrdinalIgnoreCase))];
                return Scenarios.Count > 0;
            case "--contestant":
                Contestant = value;
                return true;
            case "--json":
                JsonFile = Path.GetFullPath(value);
                return true;
            case "--orleans":
                OrleansProgram = Path.GetFullPath(value);
                return File.Exists(OrleansProgram);
            default:
                return false;
        }
    }

    private static bool TryNumber(string text, double least, double most, Action<double> set)
    {
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        if (number < least || number > most) return false;
        set(number);
        return true;
    }
}
