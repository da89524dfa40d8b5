using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OrleansPayments.Benchmarks;

/// <summary>What to measure and for how long.</summary>
internal sealed record BenchmarkOptions
{
    public const string Usage = """
        usage: ./run bench [ROUNDS] [--rounds N] [--seconds S] [--warm-up S] [--callers N] [--connections N] [--only NAME,…] [--json FILE]

          --rounds N         how often each scenario is measured, in turn (3; 1 to 100)
          --seconds S        length of one measurement (5; 0.5 to 60)
          --warm-up S        load before it that does not count (1.5; 0 to 60)
          --first-warm-up S  the same in the first round, where the code is still being compiled (6; 0 to 120)
          --callers N        concurrent callers in process (512; 1 to 4096)
          --connections N    concurrent connections over HTTP (128; 1 to 1024)
          --only NAME,…      only some of: raw, row, in-process, http; unbatched is the silo in process with a commit per change
          --json FILE        writes the figures there, too

        Exit code 0: both floors are held; 1: one is not, or a verification failed; 2: nothing was measured. With ConnectionStrings__Payments the databases of
        the run are made on that server, and dropped; otherwise a private PostgreSQL runs in a temporary folder.
        """;

    private static readonly string[] AllScenarios = ["raw", "row", "unbatched", "in-process", "http"];

    public int Rounds { get; private set; } = 3;

    public TimeSpan Length { get; private set; } = TimeSpan.FromSeconds(5);

    public TimeSpan WarmUp { get; private set; } = TimeSpan.FromSeconds(1.5);

    public TimeSpan FirstWarmUp { get; private set; } = TimeSpan.FromSeconds(6);

    public int Callers { get; private set; } = 512;

    public int Connections { get; private set; } = 128;

    public IReadOnlyList<string> Scenarios { get; private set; } = ["raw", "row", "in-process", "http"];

    public string? JsonFile { get; private set; }

    /// <summary>Far more than the run takes unless something hangs.</summary>
    public TimeSpan Patience => TimeSpan.FromMinutes(3) + (Rounds * Scenarios.Count * (Length + WarmUp + FirstWarmUp + TimeSpan.FromSeconds(60)));

    public static bool TryParse(string[] args, [NotNullWhen(true)] out BenchmarkOptions? options, [NotNullWhen(false)] out string? problem)
    {
        options = new BenchmarkOptions();
        for (var i = 0; i < args.Length; i++)
        {
            // ./run bench 5
            var name = i == 0 && int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out _) ? "--rounds" : args[i];
            var value = name == args[i] ? args.ElementAtOrDefault(++i) : args[i];
            if (value is not null && options.Set(name, value)) continue;
            problem = $"'{name} {value}' is not understood.\n{Usage}";
            options = null;
            return false;
        }

        problem = null;
        return true;
    }

    private bool Set(string name, string value)
    {
        switch (name)
        {
            case "--rounds":
                return TryNumber(value, 1, 100, rounds => Rounds = (int)rounds);
            case "--seconds":
                return TryNumber(value, 0.5, 60, seconds => Length = TimeSpan.FromSeconds(seconds));
            case "--warm-up":
                return TryNumber(value, 0, 60, seconds => WarmUp = TimeSpan.FromSeconds(seconds));
            case "--first-warm-up":
                return TryNumber(value, 0, 120, seconds => FirstWarmUp = TimeSpan.FromSeconds(seconds));
            case "--callers":
                return TryNumber(value, 1, 4096, callers => Callers = (int)callers);
            case "--connections":
                return TryNumber(value, 1, 1024, connections => Connections = (int)connections);
            case "--only":
                var only = value.Split(',');
                Scenarios = [.. AllScenarios.Where(only.Contains)];
                return only.All(AllScenarios.Contains);
            case "--json":
                JsonFile = Path.GetFullPath(value);
                return true;
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
