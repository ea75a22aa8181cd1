using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Telemetry.Bench.Fanout;

/// <summary>Bytes of one connection, plain or over TLS, without ever waiting.</summary>
/// <remarks>OpenSSL is used directly: an SslStream reads through tasks, and a thousand of them cost more than what is measured.</remarks>
sealed class Wire : IDisposable
{
    const int PerSourceAddress = 5000;
    const int WantsToRead = 2;
    const int SetReadAhead = 41;

    static readonly Lazy<nint> Context = new(NewContext);

    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly nint _tls;

    /// <param name="port">Where to connect to on this machine.</param>
    /// <param name="isSecure">True if it is TLS; the certificate is not checked.</param>
    /// <param name="index">Which of the connections this is: a source address has ports for some thousands only.</param>
    public Wire(int port, bool isSecure, int index)
    {
        _socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)(2 + index / PerSourceAddress)]), 0));
        _socket.Connect(IPAddress.Loopback, port);
        _socket.Blocking = false;
        if (!isSecure) return;
        _tls = NewTls(Context.Value);
        _ = SetDescriptor(_tls, Descriptor);
        SetConnectState(_tls);
    }

    public int Descriptor => (int)_socket.Handle;

    /// <summary>True if bytes have come that the system does not know of any more.</summary>
    public bool HasMore => _tls != 0 && HasPending(_tls) != 0;

    /// <summary>Reads what has come.</summary>
    /// <returns>How many bytes; 0: none.</returns>
    public int Read(byte[] buffer, int offset)
    {
        if (_tls != 0) return Done(ReadTls(_tls, ref buffer[offset], buffer.Length - offset));
        var count = _socket.Receive(buffer.AsSpan(offset), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) return 0;
        if (error != SocketError.Success) throw new SocketException((int)error);
        return count > 0 ? count : throw new IOException("A client's connection was closed.");
    }

    /// <summary>Writes a few bytes.</summary>
    /// <returns>True if it has: before TLS is agreed upon it cannot, and must be tried again when something has come.</returns>
    public bool TryWrite(byte[] bytes)
    {
        if (_tls != 0) return Done(WriteTls(_tls, bytes, bytes.Length)) > 0;
        return _socket.Send(bytes) == bytes.Length ? true : throw new IOException("A client cannot say a few bytes.");
    }

    public void Dispose()
    {
        if (_tls != 0) FreeTls(_tls);
        _socket.Dispose();
    }

    int Done(int result)
    {
        if (result > 0) return result;
        if (GetError(_tls, result) is not WantsToRead and var error) throw new IOException($"A client's TLS connection has ended with error {error}.");
        return 0;
    }

    // Reads ahead: head and body of a record come with one call, as they do from a plain socket.
    static nint NewContext()
    {
        var context = NewContext(ClientMethod());
        _ = Control(context, SetReadAhead, 1, 0);
        return context;
    }

    const string OpenSsl = "libssl.so.3";

    [DllImport(OpenSsl, EntryPoint = "TLS_client_method")]
    static extern nint ClientMethod();

    [DllImport(OpenSsl, EntryPoint = "SSL_CTX_new")]
    static extern nint NewContext(nint method);

    [DllImport(OpenSsl, EntryPoint = "SSL_CTX_ctrl")]
    static extern nint Control(nint context, int command, nint number, nint none);

    [DllImport(OpenSsl, EntryPoint = "SSL_new")]
    static extern nint NewTls(nint context);

    [DllImport(OpenSsl, EntryPoint = "SSL_free")]
    static extern void FreeTls(nint tls);

    [DllImport(OpenSsl, EntryPoint = "SSL_set_fd")]
    static extern int SetDescriptor(nint tls, int descriptor);

    [DllImport(OpenSsl, EntryPoint = "SSL_set_connect_state")]
    static extern void SetConnectState(nint tls);

    [DllImport(OpenSsl, EntryPoint = "SSL_read")]
    static extern int ReadTls(nint tls, ref byte buffer, int length);

    [DllImport(OpenSsl, EntryPoint = "SSL_write")]
    static extern int WriteTls(nint tls, byte[] bytes, int length);

    [DllImport(OpenSsl, EntryPoint = "SSL_has_pending")]
    static extern int HasPending(nint tls);

    [DllImport(OpenSsl, EntryPoint = "SSL_get_error")]
    static extern int GetError(nint tls, int result);
}
