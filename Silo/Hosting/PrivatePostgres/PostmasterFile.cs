using System.Globalization;

namespace OrleansPayments.Silo.Hosting.PrivatePostgres;

/// <summary>What a running server writes into <c>postmaster.pid</c> of its data folder.</summary>
/// <param name="SocketFolder">Empty while the server has not opened its socket yet.</param>
/// <param name="Status"><c>starting</c>, <c>ready</c>, <c>stopping</c>, <c>standby</c>; empty while it is not written yet.</param>
internal sealed record PostmasterFile(int ProcessId, string SocketFolder, string Status)
{
    public static string PathIn(string data) => Path.Combine(data, "postmaster.pid");

    /// <summary>Null when there is no such file or nothing of use in it yet.</summary>
    public static PostmasterFile? Read(string data)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(PathIn(data));
        }
        catch (IOException)
        {
            return null;
        }

        // 1 process id, 2 data folder, 3 start time, 4 port, 5 socket folder, 6 listen address, 7 shared memory key, 8 status.
        return lines.Length > 0 && int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var processId)
            ? new PostmasterFile(processId, lines.ElementAtOrDefault(4) ?? "", (lines.ElementAtOrDefault(7) ?? "").Trim())
            : null;
    }
}
