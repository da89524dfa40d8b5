using System.Globalization;

namespace OrleansPayments.Benchmarks.Engine;

/// <summary>What <see cref="EngineProcess"/> and its other end say to each other: fields between semicolons, one line each.</summary>
internal static class EngineLines
{
    private const string NotMeasured = "-";

    public static string Write(EngineScenario scenario, EngineWindow window) =>
        string.Create(CultureInfo.InvariantCulture, $"{scenario.Name};{window.WarmUp.Ticks};{window.Length.Ticks}");

    public static string Write(Sample? sample) =>
        sample is null ? NotMeasured : string.Create(CultureInfo.InvariantCulture, $"{sample.PerSecond:R};{sample.Nanoseconds:R};{sample.Bytes:R}");

    public static (EngineScenario Scenario, EngineWindow Window) ReadRequest(string line)
    {
        var fields = line.Split(';');
        return (EngineScenario.All.Single(scenario => scenario.Name == fields[0]), new(Time(fields[1]), Time(fields[2])));
    }

    public static Sample? ReadSample(string line)
    {
        if (line == NotMeasured) return null;
        var fields = line.Split(';');
        return new(Number(fields[0]), Number(fields[1]), Number(fields[2]));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static TimeSpan Time(string ticks) => new(long.Parse(ticks, CultureInfo.InvariantCulture));
}
