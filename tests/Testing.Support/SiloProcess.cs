using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace OrleansPayments.Testing.Support;

/// <summary>The real silo as a process of its own, which can be killed.</summary>
public sealed class SiloProcess : IDisposable
{
    public const string AdminKey = "ak_test_administrator";

    /// <summary>The most lines that are kept of what it printed.</summary>
    private const int MaxLines = 20_000;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private SiloProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public int Id => _process.Id;

    /// <summary>What it printed so far.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Starts a silo and waits until it can take payments.</summary>
    /// <param name="port">See <see cref="FreePort"/>; the same one again after a kill.</param>
    /// <param name="settings">More environment variables.</param>
    public static async Task<SiloProcess> StartAsync(string dataFolder, int port, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "OrleansPayments.Silo.dll") },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PAYMENTS_PORT"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        start.Environment["PAYMENTS_DATA"] = dataFolder;
        start.Environment["Api__AdminKey"] = AdminKey;
        start.Environment.Remove("ConnectionStrings__Payments");
        foreach (var (name, value) in settings) start.Environment[name] = value;

        var silo = new SiloProcess(Process.Start(start)!, new Uri($"http://127.0.0.1:{port}"));
        try
        {
            await silo.WaitUntilReadyAsync(TimeSpan.FromSeconds(60));
            return silo;
        }
        catch
        {
            silo.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A port that nobody listens on now. Not one of those that the system gives to outgoing connections (from 32768 on), so that it is still free after a restart.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, RandomNumberGenerator.GetInt32(12_000, 32_000));
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another one.
            }
        }
    }

    public async Task WaitUntilReadyAsync(TimeSpan patience)
    {
        using var api = new Api(Address, null, TimeSpan.FromSeconds(5));
        await Eventually.TrueAsync("a ready silo", patience, async () =>
        {
            if (_process.HasExited)
            {
                // Returns when its last words are read too.
                await _process.WaitForExitAsync();
                throw new InvalidOperationException($"The silo ended with {_process.ExitCode}:\n{Output}");
            }

            try
            {
                return (await api.GetAsync("/ready")).Status == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    /// <summary>SIGKILL: nothing is finished, nothing is said.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>The exit code; 128 and the signal's number after a signal.</returns>
    public async Task<int> EndAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync(TimeSpan patience)
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        return await EndAsync(patience);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        _lines.Enqueue(line);
        while (_lines.Count > MaxLines) _lines.TryDequeue(out _);
    }
}
