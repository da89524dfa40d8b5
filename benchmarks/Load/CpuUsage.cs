using System.Globalization;

namespace OrleansPayments.Benchmarks.Load;

/// <summary>The processor time of groups of processes, from <c>/proc</c>; resolution 10 ms.</summary>
/// <param name="groups">A group's name and its process; with the children where they belong to it.</param>
internal sealed class CpuUsage(params (string Name, int? ProcessId, bool WithChildren)[] groups)
{
    private const double TicksPerSecond = 100;

    public CpuTimes Read()
    {
        var times = new SortedDictionary<string, (double User, double System)>(StringComparer.Ordinal);
        foreach (var (name, processId, withChildren) in groups)
        {
            if (processId is { } id) times[name] = withChildren ? ReadFamily(id) : ReadOne(id, reaped: false);
        }

        return new CpuTimes(times);
    }

    /// <summary>The most memory that a process has had resident, in MiB; 0 when that cannot be read.</summary>
    public static double PeakMemory(int processId)
    {
        const string Name = "VmHWM:";
        var line = File.ReadLines($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/status").FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line[Name.Length..^2], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) / 1024.0;
    }

    private static (double User, double System) ReadFamily(int parent)
    {
        var sum = ReadOne(parent, reaped: true);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) continue;
            if (Fields(id) is not { } fields || Number(fields, 1) != parent) continue;
            var (user, system) = (Number(fields, 11) / TicksPerSecond, Number(fields, 12) / TicksPerSecond);
            sum = (sum.User + user, sum.System + system);
        }

        return sum;
    }

    private static (double User, double System) ReadOne(int id, bool reaped)
    {
        if (Fields(id) is not { } fields) return (0, 0);
        var (user, system) = (Number(fields, 11), Number(fields, 12));
        if (reaped) (user, system) = (user + Number(fields, 13), system + Number(fields, 14));
        return (user / TicksPerSecond, system / TicksPerSecond);
    }

    // Behind the name, which may hold anything: state, parent, … utime is the 12th, stime the 13th, then those of children that have ended.
    private static string[]? Fields(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long Number(string[] fields, int index) => long.Parse(fields[index], CultureInfo.InvariantCulture);
}

/// <summary>Seconds by group.</summary>
internal sealed record CpuTimes(IReadOnlyDictionary<string, (double User, double System)> Groups)
{
    public CpuTimes Since(CpuTimes earlier) => new(Groups.ToDictionary(
        group => group.Key,
        group => (group.Value.User - earlier.Groups[group.Key].User, group.Value.System - earlier.Groups[group.Key].System),
        StringComparer.Ordinal));
}
